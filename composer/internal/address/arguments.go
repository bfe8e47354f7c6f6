package address

import (
	"strings"
)

// ArgumentPrefix begins the names of a page's query parameters that are for
// its templates alone: esi_a is $(ESI_ARGS{a}), and neither a part of a key nor
// sent to anybody. So a template can be told something of each visit, and is
// stored once.
const ArgumentPrefix = "esi_"

// SplitArguments divides a query into what is asked for, and what is for
// templates alone.
func SplitArguments(query string) (rest, arguments string) {
	if !strings.Contains(query, ArgumentPrefix) {
		return query, ""
	}
	var others, ours []string
	for pair := range strings.SplitSeq(query, "&") {
		if strings.HasPrefix(pair, ArgumentPrefix) {
			ours = append(ours, pair)
		} else {
			others = append(others, pair)
		}
	}
	return strings.Join(others, "&"), strings.Join(ours, "&")
}

// WithoutArguments is a query as it is sent and kept.
func WithoutArguments(query string) string {
	rest, _ := SplitArguments(query)
	return rest
}
