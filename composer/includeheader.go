package composer

import (
	"net/http"
	"slices"
	"strings"

	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// forwardedHeader returns the part of a request's header that a source receives: the
// allowed fields and cookies, and the fields of the composer itself. A nil source is one
// without settings of its own.
func (c *Composer) forwardedHeader(r *http.Request, allowed []string, s *registry.Backend) http.Header {
	h := make(http.Header, len(allowed)+4)
	for _, list := range [][]string{allowed, s.AllowedHeaders(c.options.Headers)} {
		for _, name := range list {
			if v := r.Header[name]; len(v) > 0 {
				h[name] = slices.Clone(v)
			}
		}
	}
	if cookies := c.includeCookies(r, s.AllowedCookies(c.options.Cookies)); len(cookies) > 0 {
		h["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	h["X-Forwarded-Host"], h["X-Forwarded-Proto"] = []string{r.Host}, []string{header.Scheme(r)}
	h["Via"] = append(slices.Clip(r.Header["Via"]), header.Via(r))
	header.AnnounceCapability(h)
	return h
}

// includeHeader returns the header that a source receives for a page.
func (c *Composer) includeHeader(r *http.Request, s *registry.Backend) http.Header {
	h := c.forwardedHeader(r, header.IncludeFields, s)
	// These fields are in no key of the cache. A response made of the visitor's value would
	// be shown to other visitors (cache poisoning).
	h["Accept"], h["Via"], h[header.SurrogateCapability] = []string{"text/html"}, header.IncludeVia(r), []string{header.Capability}
	return h
}
