package main

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
)

// withoutUnderscores drops the request fields with an underscore in their names.
// To a server that hands fields on as variables, X_Forwarded_For is
// X-Forwarded-For, which proxies look after (header spoofing). The first request
// that has such a field is logged.
func withoutUnderscores(logger *slog.Logger, next http.Handler) http.Handler {
	var warning sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if !strings.Contains(name, "_") {
				continue
			}
			delete(r.Header, name)
			warning.Do(func() {
				logger.Warn("a request field with an underscore in its name was dropped, as all such fields are, since some servers take it for a hyphen",
					"field", name)
			})
		}
		next.ServeHTTP(w, r)
	})
}
