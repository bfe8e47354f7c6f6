package main

import (
	"net/http"
	"slices"
	"strings"

	"selvedge/fragments/productlist"
)

// homePage returns a handler for the home page. The list of products had the address of the
// home page before, so a request with a query of the list is redirected to the list.
func homePage(page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !asksForList(r.URL.RawQuery) {
			page.ServeHTTP(w, r)
			return
		}
		moved(w, "/products", withoutEmpty(r.URL.RawQuery))
	})
}

// listPage returns a handler for a list. A query with empty fields, as browsers send it
// for a form, is redirected to the address without these fields, so that a list has one
// address.
func listPage(page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if query := withoutEmpty(r.URL.RawQuery); query != r.URL.RawQuery {
			moved(w, r.URL.Path, query)
			return
		}
		page.ServeHTTP(w, r)
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
