package address

import (
	"strings"
)

// ArgumentPrefix is the prefix of the query parameters of a page that are for its
// templates alone: esi_a is $(ESI_ARGS{a}). Such a parameter is neither part of a
// cache key nor sent to a source, so a template can depend on each visit and still be
// stored once.
const ArgumentPrefix = "esi_"

// SplitArguments splits a query into the part for the source, and the arguments for
// templates.
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

// WithoutArguments returns a query without arguments, as sent to the source and used
// in cache keys.
func WithoutArguments(query string) string {
	rest, _ := SplitArguments(query)
	return rest
}
