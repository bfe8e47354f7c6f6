package shop

import "net/http"

// liveAliases are the addresses of live connections, with those of the site.
var liveAliases = map[string]string{"/live": "/-/live", "/api/live": "/-/live.json"}

// probeAliases are the paths of probes, with those of the site.
var probeAliases = map[string]string{"/healthz": "/-/healthz", "/readyz": "/-/readyz"}

// WithProbes returns a handler that has a site answer /healthz and /readyz too. It stands in
// front of the site, because a site answers probes on any host.
func WithProbes(site http.Handler) http.Handler { return withAliases(probeAliases, site) }

// withAliases returns a handler that has next answer paths as others.
func withAliases(aliases map[string]string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path, ok := aliases[r.URL.Path]; ok {
			url := *r.URL
			url.Path, url.RawPath = path, ""
			r = r.WithContext(r.Context()) // a copy
			r.URL = &url
		}
		next.ServeHTTP(w, r)
	})
}
