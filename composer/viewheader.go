package composer

import (
	"net/http"
	"slices"
	"strings"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
)

// variantHeaders returns a function for the variants of a visitor's views: the header that
// the fragment of a reference receives, with the cookies of the fragments within.
func (c *Composer) variantHeaders(r *http.Request) func(reference string, within []string) http.Header {
	shared := c.forwardedHeader(r, header.IncludeFields, nil)
	return func(reference string, within []string) http.Header {
		if !c.registry.HasOwnCookies() {
			return shared
		}
		return withCookies(shared, c.includeCookies(r, c.viewCookies(reference, within)))
	}
}

// variantHeader returns the part of a view's header for a view within.
func (c *Composer) variantHeader(h http.Header, reference string, within []string) http.Header {
	return withCookies(h, c.keptCookies(h, c.viewCookies(reference, within)))
}

// viewHeader returns the part of a view's header that a source receives, because the view
// has the cookies of all its sources.
func (c *Composer) viewHeader(h http.Header, s *registry.Backend) http.Header {
	return withCookies(h, c.keptCookies(h, s.AllowedCookies(c.options.Cookies)))
}

// viewCookies returns the names of the cookies in the variant of a view.
func (c *Composer) viewCookies(reference string, within []string) []string {
	names := c.sourceOf(reference).AllowedCookies(c.options.Cookies)
	for _, name := range within {
		other := c.options.Cookies
		if name != pagetoken.SharedCookies {
			other = c.sourceOf(Prefix + name + "/").AllowedCookies(other)
		}
		names = slices.Concat(names, other)
	}
	return names
}

// sourceOf returns the source of a reference, or nil.
func (c *Composer) sourceOf(reference string) *registry.Backend {
	ref, err := ParseReference(reference)
	if err != nil {
		return nil
	}
	source, err := c.registry.Lookup(ref)
	if err != nil {
		return nil
	}
	return source
}

// keptCookies returns the cookies in the header of a view, each as name=value, that a source
// receives whose cookies have the given names. The session has no signature there.
func (c *Composer) keptCookies(h http.Header, names []string) []string {
	if c.sessions.passes(names) {
		names = append(slices.Clip(names), c.sessions.name)
	}
	return header.AllowedCookies(h, names)
}

// withCookies returns a header with other cookies, each as name=value.
func withCookies(h http.Header, cookies []string) http.Header {
	field := strings.Join(cookies, "; ")
	if header.First(h, "Cookie") == field && len(h["Cookie"]) <= 1 {
		return h
	}
	h = h.Clone()
	if h["Cookie"] = []string{field}; field == "" {
		delete(h, "Cookie")
	}
	return h
}
