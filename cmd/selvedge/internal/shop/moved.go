package shop

import (
	"net/http"
	"slices"
	"strings"

	"selvedge/fragments/productlist"
)

// movedPages returns a handler that redirects requests for former addresses of lists, and
// has next answer all others:
//
//   - The list of products had the address of the home page before.
//   - A query with empty fields, as browsers send it for a form, is left out, so that a list
//     has one address.
func movedPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := withoutEmpty(r.URL.RawQuery)
		switch r.URL.Path {
		case "/":
			if asksForList(r.URL.RawQuery) {
				moved(w, "/products", query)
				return
			}
		case "/products", "/new":
			if query != r.URL.RawQuery {
				moved(w, r.URL.Path, query)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// moved redirects permanently to an address of the shop (RFC 9110 §15.4.2).
func moved(w http.ResponseWriter, path, query string) {
	if query != "" {
		path += "?" + query
	}
	w.Header().Set("Location", path)
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.WriteHeader(http.StatusMovedPermanently)
}

// asksForList reports whether a query has a parameter of a list of products.
func asksForList(query string) bool {
	for parameter := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(parameter, "="); slices.Contains(productlist.Parameters, name) {
			return true
		}
	}
	return false
}

// withoutEmpty returns a query without the empty parameters of a list.
func withoutEmpty(query string) string {
	var kept []string
	for parameter := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(parameter, "=")
		if value != "" || !slices.Contains(productlist.Parameters, name) {
			kept = append(kept, parameter)
		}
	}
	return strings.Join(kept, "&")
}
