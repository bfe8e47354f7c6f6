package proxy

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

// originHeader is the header sent to the origin for a document.
type originHeader struct {
	proxy   *Proxy
	request *http.Request
}

// Header returns the header.
func (h originHeader) Header() http.Header { return h.proxy.originHeader(h.request) }

// originHeader returns the header sent to the origin for a document.
func (p *Proxy) originHeader(r *http.Request) http.Header {
	h := r.Header.Clone()
	header.RemoveHopByHop(h)
	for _, name := range header.PartialFields {
		delete(h, name)
	}
	delete(h, "Expect") // because there is no body
	setTE(h, r)
	setForwarded(h, r)
	return h
}

// rewrite makes the request to the origin for a request that is passed through.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.Out.URL = p.outURL(r.In.URL)
	r.Out.Host = r.In.Host
	if r.In.Method == http.MethodGet || r.In.Method == http.MethodHead {
		// The date of a page is the date of its newest part, so an unchanged template
		// does not imply an unchanged page.
		delete(r.Out.Header, "If-Modified-Since")
	}
	if !header.ExpectsContinue(r.In) {
		delete(r.Out.Header, "Expect")
	}
	setTE(r.Out.Header, r.In)
	setForwarded(r.Out.Header, r.In)
}

// outURL returns the origin's address for an address of the client.
func (p *Proxy) outURL(u *url.URL) *url.URL {
	out := *u
	out.Scheme, out.Host, out.User = p.origin.Scheme, p.origin.Host, nil
	out.Fragment, out.RawFragment = "", ""
	out.RawPath, out.RawQuery = address.EscapeIllegal(out.RawPath), address.EscapeQuery(address.WithoutArguments(out.RawQuery))
	return &out
}

// setForwarded sets the fields that identify the client and the gateway. A gateway must
// send Via (RFC 9110 §7.6.3). Accept-Encoding is restricted to codings that the proxy can
// decode.
func setForwarded(h http.Header, r *http.Request) {
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
		h["User-Agent"] = nil // keeps net/http from sending its own
	}
	header.AnnounceCapability(h)
}
