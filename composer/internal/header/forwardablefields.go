package header

import (
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// ForwardableFields returns names in canonical form, if fragments may receive these
// request fields. The error names the first of these:
//
//   - a name that is not a token, or Cookie;
//   - a field about one connection;
//   - a field that asks for less than a whole response;
//   - a field that the composer sets itself.
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

// IncludeFields are the fields of a page's request that its includes receive.
// ActionFields are the fields of a form or an API call that its fragment receives. All
// further fields are withheld, because a response cannot depend on a field that the
// fragment never sees.
var (
	IncludeFields = []string{
		"Accept-Language", "User-Agent", "Referer", "Traceparent", "Tracestate", "X-Request-Id", SurrogateCapability,
	}
	ActionFields = append([]string{
		"Accept", "Authorization", "Content-Type", "Content-Length", "Content-Encoding", "Expect",
		"Hx-Current-Url", "Hx-Request", "Idempotency-Key", "If-Match", "If-None-Match", "If-Modified-Since",
	}, IncludeFields...)
)

// GatewayFields are the fields by which a gateway describes a request to an origin,
// beside the fields with the prefix X-Forwarded-. They are removed from a visitor's
// request, because an origin would trust a forged value and its response would be
// stored for all visitors (cache poisoning).
var GatewayFields = []string{
	"Forwarded", "X-Host", "X-Original-Host", "X-Original-Url", "X-Real-Ip", "X-Rewrite-Url",
	ESILevel, SelvedgeTimeout,
}

// PartialFields are the fields that ask for less than a whole response. The composer
// answers them from the whole response.
var PartialFields = []string{"If-Modified-Since", "If-None-Match", "If-Range", "Range"}

// isGatewayField reports whether a field of a request to a fragment is set by the
// composer, or never sent.
func isGatewayField(name string) bool {
	return slices.Contains(hopByHop, name) || slices.Contains(GatewayFields, name) || slices.Contains(notCopied, name) ||
		strings.HasPrefix(name, "If-") || strings.HasPrefix(name, "X-Forwarded-") || strings.HasPrefix(name, "Content-")
}

// notCopied are further fields of a page's request that its includes do not take over.
var notCopied = []string{"Accept", "Accept-Encoding", "Expect", "Host", "Range", "Surrogate-Capability", "Via"}

// Scheme returns the scheme of the URL of r: https over TLS, or else http.
func Scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}
