package server

import (
	"net/http"
	"strings"
)

// DropUnderscores returns a handler that removes the request fields with an underscore in
// their names, and calls next. Servers behind this server may read X_Forwarded_For as
// X-Forwarded-For, and so trust a field that no proxy has checked (header spoofing).
//
// The function dropped is called for each removed field, by several goroutines at once.
func DropUnderscores(dropped func(field string), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if strings.Contains(name, "_") {
				delete(r.Header, name)
				dropped(name)
			}
		}
		next.ServeHTTP(w, r)
	})
}
