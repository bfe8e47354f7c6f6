package server

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"selvedge/composer/internal/address"
)

// RequestError is the reason for the refusal of a request by a RequestCheck.
type RequestError struct {
	Status int    // 400, 405, or 421 for a Host outside of Hosts
	Detail string // a sentence for the visitor
}

// Error returns the sentence.
func (r *RequestError) Error() string { return r.Detail }

// RequestCheck refuses requests that net/http accepts, if a proxy in front or a source
// behind could read them differently.
type RequestCheck struct {
	// Hosts are the names of the server, as returned by ParseHosts. With empty Hosts,
	// every name is accepted. The list protects against two attacks:
	//
	//   - Host header injection: a page is made with a Host chosen by an attacker.
	//   - DNS rebinding: a page of another site, with a name that leads to this server,
	//     reads this site's pages.
	Hosts []string

	// PassThrough is for a proxy that sends the path on byte for byte and does not choose
	// a route by the path. Only paths with .. segments and control characters are refused
	// then.
	PassThrough bool

	// Refuse answers a refused request. Default: as ErrorPages do.
	Refuse func(http.ResponseWriter, *http.Request, *RequestError)
}

// Handler returns a handler that calls next for the requests that pass the check.
func (g RequestCheck) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := g.check(r)
		if p == nil {
			next.ServeHTTP(w, r)
			return
		}
		if p.Status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", AllowedMethods)
		}
		if !g.isForUs(r) || !hasHost(r) {
			r.Host = "" // keeps the refused name out of the error page
		}
		if g.Refuse == nil {
			ErrorPages{}.Error(w, r, p)
			return
		}
		g.Refuse(w, r, p)
	})
}

// AllowedMethods is the value of Allow in the response to a method that no resource has
// (RFC 9110 §15.5.6).
const AllowedMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

// check returns the reason for refusing a request, or nil.
func (g RequestCheck) check(r *http.Request) *RequestError {
	bad := func(detail string) *RequestError {
		return &RequestError{Status: http.StatusBadRequest, Detail: detail}
	}
	switch {
	case r.Method == http.MethodTrace || r.Method == http.MethodConnect:
		// TRACE shows a script the cookies hidden from it (cross-site tracing). CONNECT
		// makes a tunnel of a server.
		return &RequestError{Status: http.StatusMethodNotAllowed, Detail: "No address here answers " + r.Method + "."}
	case !g.isForUs(r):
		return &RequestError{Status: http.StatusMisdirectedRequest,
			Detail: "This server does not go by the name that the request was sent to."}
	case !hasHost(r):
		return bad("The Host of the request is no name or address of a server.")
	case r.URL.User != nil || r.URL.Scheme != "" && r.URL.Scheme != "http" && r.URL.Scheme != "https":
		return bad("The address of the request has a user's name, or is no http or https.")
	case !strings.HasPrefix(r.URL.Path, "/") || strings.Contains(r.RequestURI, "#"):
		return bad("The address of the request has no path, or a part that is for browsers.")
	case address.HasControl(r.URL.Path), address.HasParentSegment(r.URL.Path): // NUL ends the path early in some servers
		return bad("This address leads out of the site, or has characters that no address has.")
	case !g.PassThrough && isOdd(r.URL.Path):
		return bad("This address is not written as ours are: it has parts that are empty, or characters that ours do not have.")
	case !g.PassThrough && hasEncodedSlash(r.URL.RawPath):
		return bad("This address has an encoded slash, which could be one or not.")
	}
	return nil
}

// isForUs reports whether the Host of a request is in Hosts.
func (g RequestCheck) isForUs(r *http.Request) bool {
	if len(g.Hosts) == 0 {
		return true
	}
	name, ok := hostName(r.Host)
	return !ok && r.Host != "" || slices.Contains(g.Hosts, name)
}

// hasHost reports whether the Host of a request is well formed. An HTTP/1.0 request may
// have no Host.
func hasHost(r *http.Request) bool {
	_, ok := hostName(r.Host)
	return ok || r.Host == "" && !r.ProtoAtLeast(1, 1)
}

// hostName returns the name or IP address in a Host field (RFC 9110 §7.2), in lower case
// and without port, brackets and the final dot. Underscores are allowed, because the
// names of containers have them.
func hostName(field string) (name string, ok bool) {
	name, port := field, ""
	if i := strings.LastIndexByte(field, ':'); i >= 0 && !strings.HasSuffix(field, "]") {
		name, port = field[:i], field[i+1:]
	}
	if port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return "", false
		}
	}
	if inner, isIPv6 := strings.CutPrefix(name, "["); isIPv6 {
		addr, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return addr.String(), err == nil && strings.HasSuffix(name, "]") && addr.Is6() && addr.Zone() == ""
	}
	name = strings.TrimSuffix(name, ".")
	for i := range len(name) {
		if c := name[i]; c == '.' && (i == 0 || name[i-1] == '.') || c != '.' && !isNameByte(c) {
			return "", false
		}
	}
	return strings.ToLower(name), 0 < len(name) && len(name) <= 253 && name[len(name)-1] != '.'
}

// isNameByte reports whether a byte may be a part of a label of a name.
func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// isOdd reports whether a decoded path has an empty segment, a . segment, a \, or invalid
// UTF-8. The routes of a site have none of these.
func isOdd(path string) bool {
	if strings.Contains(path, "//") || strings.Contains(path, `\`) || !utf8.ValidString(path) {
		return true
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." {
			return true
		}
	}
	return false
}

// hasEncodedSlash reports whether a path, as received, has an encoded slash or \.
func hasEncodedSlash(raw string) bool {
	raw = strings.ToLower(raw)
	return strings.Contains(raw, "%2f") || strings.Contains(raw, "%5c")
}

// ParseHosts parses names and IP addresses of hosts, without a port, for
// RequestCheck.Hosts. The error names the first invalid value.
func ParseHosts(values []string) ([]string, error) {
	var hosts []string
	for _, value := range values {
		field := value
		if addr, err := netip.ParseAddr(value); err == nil && addr.Is6() {
			field = "[" + value + "]"
		}
		name, ok := hostName(field)
		if withPort, _ := hostName(field + ":80"); !ok || withPort != name {
			return nil, fmt.Errorf("%q is no name or address of a host without a port, as in shop.example", value)
		}
		hosts = append(hosts, name)
	}
	return hosts, nil
}
