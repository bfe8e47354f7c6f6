package composer

import (
	"net/http"
	"slices"

	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// variesOnMore reports whether a response depends on a field that fragments
// receive because the operator says so.
func (c *Composer) variesOnMore(h http.Header) bool {
	if len(c.options.Headers) == 0 {
		return false
	}
	return slices.ContainsFunc(header.VaryNames(h), func(name string) bool { return slices.Contains(c.options.Headers, name) })
}

// headerFor returns the header with which a place is asked. Only fragments and
// the origin, which the operator named, see what the visitor's cookies and
// credentials are; and of a public include nobody sees anything of the visitor.
func (v *visit) headerFor(at registry.Target, public bool) lazyHeader {
	switch {
	case v.request == nil:
		return v
	case public:
		return (*anybody)(v)
	case at.Backend.Guarded:
		return (*stranger)(v)
	}
	return v
}

// stranger is the visit as an allowed host sees it.
type stranger visit

func (s *stranger) fields() http.Header {
	h := (*visit)(s).fields().Clone()
	for _, name := range append([]string{"Authorization", "Cookie"}, s.options.Headers...) {
		delete(h, name)
	}
	delete(h, "Referer")
	if s.request != nil {
		// The full address may have secrets in its query (Referrer Policy
		// §3.4, the policy origin).
		h["Referer"] = []string{header.Scheme(s.request) + "://" + s.request.Host + "/"}
	}
	return h
}

// anybody is the visit as one that may be anybody's.
type anybody visit

func (a *anybody) fields() http.Header {
	h := anonymous(a.request)
	h.Set("Accept", "text/html")
	return h
}
