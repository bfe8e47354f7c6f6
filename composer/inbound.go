package composer

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// hopByHop are the fields that are about one connection (RFC 9110 §7.6.1) or
// one proxy (RFC 9111 §3.1).
var hopByHop = []string{
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// endHop removes the fields that are about one connection, and those that
// Connection lists.
func endHop(h http.Header) {
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			h.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hopByHop {
		delete(h, name)
	}
}

// maxPassed bounds how often a request may have passed proxies of our name.
const maxPassed = 8

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
	case strings.Count(strings.Join(r.Header["Via"], ",")+",", " "+device+",") > maxPassed:
		return http.StatusLoopDetected
	}
	return 0
}

// ours are the fields by which we tell an origin who asks. A visitor could say
// anything in them.
var ours = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"}

// wholeOnly are the fields that ask for less than a whole response. We answer
// them from the whole one.
var wholeOnly = []string{"If-Modified-Since", "If-None-Match", "If-Range", "Range"}

// inbound returns the header with which an origin is asked for a document in
// place of a visitor.
func (p *proxy) inbound(r *http.Request) http.Header {
	h := r.Header.Clone()
	endHop(h)
	for _, name := range wholeOnly {
		delete(h, name)
	}
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
	introduce(r.Out.Header, r.In)
}

// at returns the address at the origin of what a visitor asks for.
func (p *proxy) at(u *url.URL) *url.URL {
	at := *u
	at.Scheme, at.Host, at.User = p.origin.Scheme, p.origin.Host, nil
	at.Fragment, at.RawFragment = "", ""
	at.RawQuery = escapeQuery(withoutArguments(at.RawQuery))
	return &at
}

// introduce sets the fields that say who asks, and through whom: Via is what a
// gateway must send (RFC 9110 §7.6.3).
func introduce(h http.Header, r *http.Request) {
	for _, name := range ours {
		delete(h, name)
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		h["X-Forwarded-For"] = []string{host}
	}
	h["X-Forwarded-Host"] = []string{r.Host}
	h["X-Forwarded-Proto"] = []string{scheme(r)}
	via := strconv.Itoa(r.ProtoMajor) + "." + strconv.Itoa(r.ProtoMinor) + " " + device
	h["Via"] = append(slices.Clip(h["Via"]), via)
	if _, ok := h["User-Agent"]; !ok {
		h["User-Agent"] = nil // or net/http would name itself
	}
	announce(h)
}

// announce says that we read ESI, after what a surrogate before us says (Edge
// Architecture 1.0 §2.1). A device's name stands in the field once.
func announce(h http.Header) {
	taken, name := h[surrogateCapability], device
	for i := 2; slices.ContainsFunc(taken, func(line string) bool { return strings.Contains(line, name+"=") }); i++ {
		name = device + strconv.Itoa(i)
	}
	said := strings.Replace(capability, device, name, 1)
	if len(taken) > 0 {
		said = strings.Join(taken, ", ") + ", " + said
	}
	h[surrogateCapability] = []string{said}
}
