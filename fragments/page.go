package fragments

import (
	"cmp"
	"net/http"
	"strings"

	"selvedge/fragments/problem"
)

// Page returns the path and query of the page that sent a request, as in /blog?page=2. The
// page is known for forms, API calls and requests in the background: by HX-Current-URL, or
// else by the Referer. It is empty in these cases:
//
//   - The request has neither field, or a malformed one.
//   - The request is an include, or a GET by reference. The response is stored for all
//     pages, and the Referer is the page before. A template hands over what an include
//     needs to know of the page, as in src="/fragments/notes/list?of=$(SELVEDGE_PATH{slug})".
//   - The request is a rendering for open pages, because these are several.
//
// A client can send any path, so decisions about trust must not depend on the page.
func Page(r *http.Request) string {
	if r.Header.Get("X-Esi-Level") != "" {
		return ""
	}
	return problem.LocalPath(cmp.Or(r.Header.Get("HX-Current-URL"), r.Referer()))
}

// PagePath returns the path of the page of a request, and "" if the page is not known (see
// [Page]).
func PagePath(r *http.Request) string {
	path, _, _ := strings.Cut(Page(r), "?")
	return path
}
