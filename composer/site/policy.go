package site

import (
	"net/http"
	"strings"

	"selvedge/composer/site/config"
)

// securityHeaders returns a handler that sets the security header fields of the policy of
// the moment before next.
func (s *Site) securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setPolicy(s.policy.load(), w, r)
		next.ServeHTTP(w, r)
	})
}

// setPolicy sets the security header fields of a response. A field whose value is off or
// empty is left out.
func setPolicy(p *config.Policy, w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, field := range [...]struct{ name, value string }{
		{"Content-Security-Policy", p.ContentSecurityPolicy},
		{"X-Frame-Options", strings.ToUpper(p.Frame)},
		{"Referrer-Policy", p.Referrer},
		{"Permissions-Policy", p.Permissions},
		{"Cross-Origin-Opener-Policy", p.CrossOriginOpenerPolicy},
		{"Cross-Origin-Resource-Policy", p.CrossOriginResourcePolicy},
	} {
		if field.value != "" && !strings.EqualFold(field.value, "off") {
			h.Set(field.name, field.value)
		}
	}
	h.Set("X-Content-Type-Options", "nosniff")
	if sts := p.StrictTransportSecurity; r.TLS != nil && sts != "" && sts != "off" {
		h.Set("Strict-Transport-Security", sts)
	}
}
