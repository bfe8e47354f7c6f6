package composer

import (
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// newHeaders returns the names of fields that fragments are to receive. Those
// that are about one connection, ask for less than a whole answer, or are ours
// to set cannot be among them.
func newHeaders(names []string) ([]string, error) {
	var headers []string
	for _, name := range names {
		name = textproto.CanonicalMIMEHeaderKey(name)
		switch {
		case !isToken(name):
			return nil, fmt.Errorf("%q is no name of a header field", name)
		case name == "Cookie":
			return nil, fmt.Errorf("cookies are sent by their names, and not by the field Cookie")
		case isOurs(name):
			return nil, fmt.Errorf("the header field %s cannot be handed on with an include", name)
		}
		headers = append(headers, name)
	}
	return headers, nil
}

// isOurs reports whether a field of a request to a fragment is for us to set,
// or for nobody.
func isOurs(name string) bool {
	return slices.Contains(hopByHop, name) || slices.Contains(ours, name) || slices.Contains(notCopied, name) ||
		strings.HasPrefix(name, "If-") || strings.HasPrefix(name, "X-Forwarded-") || strings.HasPrefix(name, "Content-")
}

// notCopied are the other fields that no request for an include takes over from
// the page's.
var notCopied = []string{"Accept", "Accept-Encoding", "Expect", "Host", "Range", "Surrogate-Capability", "Via"}

// variesOnMore reports whether a response depends on a field that fragments
// receive because the operator says so.
func (c *Composer) variesOnMore(h http.Header) bool {
	if len(c.options.Headers) == 0 {
		return false
	}
	return slices.ContainsFunc(varyOf(h), func(name string) bool { return slices.Contains(c.options.Headers, name) })
}

// headerFor returns the header with which a place is asked. Only fragments and
// the origin, which the operator named, see what the visitor's cookies and
// credentials are; and of a public include nobody sees anything of the visitor.
func (v *visit) headerFor(at place, public bool) lazyHeader {
	switch {
	case v.request == nil:
		return v
	case public:
		return (*anybody)(v)
	case at.source.guarded:
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
		h["Referer"] = []string{scheme(s.request) + "://" + s.request.Host + "/"}
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

// isToken reports whether s is one (RFC 9110 §5.6.2), as names of fields are.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		letter, digit := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z', '0' <= c && c <= '9'
		return !letter && !digit && !strings.ContainsRune("!#$%&'*+-.^_`|~", c)
	})
}
