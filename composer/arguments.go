package composer

import "strings"

// argumentPrefix begins the names of a page's query parameters that are for
// its templates alone: esi_a is $(ESI_ARGS{a}), and neither a part of a key nor
// sent to anybody. So a template can be told something of each visit, and is
// stored once.
const argumentPrefix = "esi_"

// splitArguments divides a query into what is asked for, and what is for
// templates alone.
func splitArguments(query string) (rest, arguments string) {
	if !strings.Contains(query, argumentPrefix) {
		return query, ""
	}
	var others, ours []string
	for pair := range strings.SplitSeq(query, "&") {
		if strings.HasPrefix(pair, argumentPrefix) {
			ours = append(ours, pair)
		} else {
			others = append(others, pair)
		}
	}
	return strings.Join(others, "&"), strings.Join(ours, "&")
}

// withoutArguments is a query as it is sent and kept.
func withoutArguments(query string) string {
	rest, _ := splitArguments(query)
	return rest
}

// argument returns what a template knows of an argument, or of all of them.
func (e *environment) argument(name string) string {
	if name != "" {
		name = argumentPrefix + name
	}
	return e.arguments.value(name)
}
