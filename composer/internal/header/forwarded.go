package header

import (
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// ForwardableFields returns the names of fields that fragments are to receive. Those
// that are about one connection, ask for less than a whole answer, or are ours
// to set cannot be among them.
func ForwardableFields(names []string) ([]string, error) {
	var headers []string
	for _, name := range names {
		name = textproto.CanonicalMIMEHeaderKey(name)
		switch {
		case !IsToken(name):
			return nil, fmt.Errorf("%q is no name of a header field", name)
		case name == "Cookie":
			return nil, fmt.Errorf("cookies are sent by their names, and not by the field Cookie")
		case isGatewayField(name):
			return nil, fmt.Errorf("the header field %s cannot be handed on with an include", name)
		}
		headers = append(headers, name)
	}
	return headers, nil
}

// isGatewayField reports whether a field of a request to a fragment is for us to set,
// or for nobody.
func isGatewayField(name string) bool {
	return slices.Contains(hopByHop, name) || slices.Contains(GatewayFields, name) || slices.Contains(notCopied, name) ||
		strings.HasPrefix(name, "If-") || strings.HasPrefix(name, "X-Forwarded-") || strings.HasPrefix(name, "Content-")
}

// notCopied are the other fields that no request for an include takes over from
// the page's.
var notCopied = []string{"Accept", "Accept-Encoding", "Expect", "Host", "Range", "Surrogate-Capability", "Via"}

// IsToken reports whether s is one (RFC 9110 §5.6.2), as names of fields are.
func IsToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		letter, digit := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z', '0' <= c && c <= '9'
		return !letter && !digit && !strings.ContainsRune("!#$%&'*+-.^_`|~", c)
	})
}

// IncludeFields are the request headers that an include receives from the
// page's request; ActionFields are those that a form or an API call brings
// to its fragment. Both are lists of what may pass, since what a fragment
// does not see cannot change its answer.
var (
	IncludeFields = []string{
		"Accept-Language", "User-Agent", "Referer", "Traceparent", "Tracestate", "X-Request-Id", SurrogateCapability,
	}
	ActionFields = append([]string{
		"Accept", "Authorization", "Content-Type", "Content-Length", "Content-Encoding", "Expect",
		"Hx-Current-Url", "Hx-Request", "Idempotency-Key", "If-Match", "If-None-Match", "If-Modified-Since",
	}, IncludeFields...)
)

// First returns the first value of a field whose name is in its canonical form,
// empty if there is none. http.Header.Get makes sure of that form each time.
func First(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Scheme returns the scheme of the URL that a request was sent to.
func Scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// GatewayFields are the fields by which a gateway tells an origin who asks and for what.
// Those that begin with X-Forwarded- are such fields too. A visitor could say
// anything in them, and have it stored for everybody (cache poisoning).
var GatewayFields = []string{
	"Forwarded", "X-Host", "X-Original-Host", "X-Original-Url", "X-Real-Ip", "X-Rewrite-Url",
	ESILevel, SelvedgeTimeout,
}

// PartialFields are the fields that ask for less than a whole response. We answer
// them from the whole one.
var PartialFields = []string{"If-Modified-Since", "If-None-Match", "If-Range", "Range"}
