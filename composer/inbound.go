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
	case timesPassed(r) > maxPassed:
		return http.StatusLoopDetected
	}
	return 0
}

// ours are the fields by which a gateway tells an origin who asks and for what.
// Those that begin with X-Forwarded- are such fields too. A visitor could say
// anything in them, and have it stored for everybody (cache poisoning).
var ours = []string{
	"Forwarded", "X-Host", "X-Original-Host", "X-Original-Url", "X-Real-Ip", "X-Rewrite-Url",
	levelHeader, timeoutHeader,
}

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
	if !expects(r.In) {
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
	at.RawPath, at.RawQuery = escapeIllegal(at.RawPath), escapeQuery(withoutArguments(at.RawQuery))
	return &at
}

// introduce sets the fields that say who asks, and through whom: Via is what a
// gateway must send (RFC 9110 §7.6.3). What it takes is what we can read.
func introduce(h http.Header, r *http.Request) {
	for _, name := range ours {
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
	h["X-Forwarded-Proto"] = []string{scheme(r)}
	h["Via"] = append(slices.Clip(h["Via"]), via(r))
	h[levelHeader] = []string{"0"}
	if cookies := h["Cookie"]; len(cookies) > 1 { // RFC 9113 §8.2.3
		h["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	readable(h)
	if _, ok := h["User-Agent"]; !ok {
		h["User-Agent"] = nil // or net/http would name itself
	}
	announce(h)
}

// via is what we say of a request that has reached us (RFC 9110 §7.6.3).
func via(r *http.Request) string {
	return strconv.Itoa(r.ProtoMajor) + "." + strconv.Itoa(r.ProtoMinor) + " " + device
}

// timesPassed is how often a request has passed proxies of our name.
func timesPassed(r *http.Request) int {
	return strings.Count(strings.Join(r.Header["Via"], ",")+",", " "+device+",")
}

// ownVia is the Via field of an include: our name, as often as the request has
// passed us, so that a circle ends.
func ownVia(r *http.Request) []string {
	var passed []string
	for range timesPassed(r) {
		passed = append(passed, "1.1 "+device)
	}
	return append(passed, "1.1 "+device)
}

// maxSurrogates bounds the surrogates before us that a request names. A request
// that names more is not from a chain of surrogates, and what it says of them is
// dropped.
const maxSurrogates = 16

// announce says that we read ESI, after what a surrogate before us says (Edge
// Architecture 1.0 §2.1). A device's name stands in the field once.
func announce(h http.Header) {
	before := h[surrogateCapability]
	if len(before) == 0 {
		h[surrogateCapability] = []string{capability}
		return
	}
	taken, elements := make(map[string]bool), 0
	for element := range listElements(before) {
		if elements++; elements > maxSurrogates {
			h[surrogateCapability] = []string{capability}
			return
		}
		name, _, _ := strings.Cut(element, "=")
		taken[strings.ToLower(strings.TrimSpace(name))] = true
	}
	name := device
	for i := 2; taken[name]; i++ {
		name = device + strconv.Itoa(i)
	}
	h[surrogateCapability] = []string{strings.Join(before, ", ") + ", " + strings.Replace(capability, device, name, 1)}
}
