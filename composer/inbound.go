package composer

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
)

// refuse returns the status for a request that is not handed on: one that goes
// round in a circle (RFC 9110 §7.6.3), that is for us and not for an origin, or
// that names nothing an origin could have. It is 0 for all others.
func refuse(r *http.Request) int {
	named := strings.HasPrefix(r.URL.Path, "/") || r.URL.Path == "" || r.URL.Path == "*" && r.Method == http.MethodOptions
	switch {
	case !named || r.URL.Opaque != "":
		return http.StatusBadRequest
	case r.Method == http.MethodConnect || r.Method == http.MethodTrace:
		return http.StatusNotImplemented
	case header.TimesForwarded(r) > header.MaxForwarded:
		return http.StatusLoopDetected
	}
	return 0
}

// inbound returns the header with which an origin is asked for a document in
// place of a visitor.
func (p *proxy) inbound(r *http.Request) http.Header {
	h := r.Header.Clone()
	header.RemoveHopByHop(h)
	for _, name := range header.PartialFields {
		delete(h, name)
	}
	delete(h, "Expect") // which is about a body
	askForTrailers(h, r)
	introduce(h, r)
	return h
}

// rewrite makes the request to the origin of one that passes.
func (p *proxy) rewrite(r *httputil.ProxyRequest) {
	r.Out.URL = p.at(r.In.URL)
	r.Out.Host = r.In.Host
	if r.In.Method == http.MethodGet || r.In.Method == http.MethodHead {
		// A page is as new as its newest part: that its template has not
		// changed does not mean that the page has not.
		delete(r.Out.Header, "If-Modified-Since")
	}
	if !header.ExpectsContinue(r.In) {
		delete(r.Out.Header, "Expect")
	}
	askForTrailers(r.Out.Header, r.In)
	introduce(r.Out.Header, r.In)
}

// at returns the address at the origin of what a visitor asks for.
func (p *proxy) at(u *url.URL) *url.URL {
	at := *u
	at.Scheme, at.Host, at.User = p.origin.Scheme, p.origin.Host, nil
	at.Fragment, at.RawFragment = "", ""
	at.RawPath, at.RawQuery = address.EscapeIllegal(at.RawPath), address.EscapeQuery(address.WithoutArguments(at.RawQuery))
	return &at
}

// introduce sets the fields that say who asks, and through whom: Via is what a
// gateway must send (RFC 9110 §7.6.3). What it takes is what we can read.
func introduce(h http.Header, r *http.Request) {
	for _, name := range header.GatewayFields {
		delete(h, name)
	}
	for name := range h {
		if strings.HasPrefix(name, "X-Forwarded-") {
			delete(h, name)
		}
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		h["X-Forwarded-For"] = []string{host}
	}
	h["X-Forwarded-Host"] = []string{r.Host}
	h["X-Forwarded-Proto"] = []string{header.Scheme(r)}
	h["Via"] = append(slices.Clip(h["Via"]), header.Via(r))
	h[header.ESILevel] = []string{"0"}
	if cookies := h["Cookie"]; len(cookies) > 1 { // RFC 9113 §8.2.3
		h["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	encoding.RestrictAcceptEncoding(h)
	if _, ok := h["User-Agent"]; !ok {
		h["User-Agent"] = nil // or net/http would name itself
	}
	header.AnnounceCapability(h)
}
