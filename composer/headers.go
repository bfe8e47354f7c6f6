package composer

import (
	"net/http"
	"slices"
	"strings"

	"selvedge/composer/internal/header"
)

// pass returns a fragment's view of a request's headers: the allowed fields
// and cookies, and what we say ourselves.
func (c *Composer) pass(r *http.Request, allowed []string) http.Header {
	h := make(http.Header, len(allowed)+4)
	for _, list := range [][]string{allowed, c.options.Headers} {
		for _, name := range list {
			if v := r.Header[name]; len(v) > 0 {
				h[name] = slices.Clone(v)
			}
		}
	}
	if cookies := c.includeCookies(r); len(cookies) > 0 {
		h["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	h["X-Forwarded-Host"], h["X-Forwarded-Proto"] = []string{r.Host}, []string{header.Scheme(r)}
	h["Via"] = append(slices.Clip(r.Header["Via"]), header.Via(r))
	header.AnnounceCapability(h)
	return h
}

// includeHeader is what includeFields makes, for whoever has to know it.
type includeHeader struct {
	composer *Composer
	request  *http.Request
}

func (h includeHeader) fields() http.Header { return h.composer.includeFields(h.request) }

// includeFields returns the header with which a page's fragments are asked.
func (c *Composer) includeFields(r *http.Request) http.Header {
	h := c.pass(r, header.IncludeFields)
	// What a visitor could put into these is in no key, so an answer that
	// shows it would be shown to others (cache poisoning).
	h["Accept"], h["Via"], h[header.SurrogateCapability] = []string{"text/html"}, header.IncludeVia(r), []string{header.Capability}
	return h
}

// anonymous is a header of ours for what is the same for everybody.
func anonymous(r *http.Request) http.Header {
	return http.Header{
		"X-Forwarded-Host":         {r.Host},
		"X-Forwarded-Proto":        {header.Scheme(r)},
		"Via":                      {header.Via(r)},
		header.SurrogateCapability: {header.Capability},
	}
}
