package fragments

import (
	"net/http"
	"strings"

	"selvedge/fragments/problem"
)

// PrefersHTML reports whether the request prefers HTML to JSON, by the weights of its
// Accept header (RFC 9110 §12.5.1). Without a preference, the result depends on the
// request:
//
//   - true, if a script sent the request in the background;
//   - false, if the path is below /api/ or /fragments/, because these paths are for
//     programs;
//   - true, for any other path, because these paths are for people.
//
// A response that depends on the result needs Vary: Accept.
func PrefersHTML(r *http.Request) bool {
	html, json := problem.AcceptWeights(r)
	if html == json {
		return InBackground(r) || !strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.URL.Path, "/fragments/")
	}
	return html > json
}
