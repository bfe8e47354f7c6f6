// Package csp tells whether a Content Security Policy (CSP Level 3) lets a page load a
// script or open a connection. It reads fetch directives and source expressions of
// addresses. The integrity of scripts, and sandbox, are not read.
package csp

import (
	"net/url"
	"slices"
	"strings"
)

// A Kind is a kind of request of a page.
type Kind int

const (
	Script     Kind = iota // a script element with an address, and without a nonce
	Connection             // a WebSocket, an event stream, or a fetch
)

// directives are the directives for a kind of request. The first one in a policy counts
// (§6.8.3).
var directives = [...][]string{
	Script:     {"script-src-elem", "script-src", "default-src"},
	Connection: {"connect-src", "default-src"},
}

// Violation is a directive that forbids a request.
type Violation struct {
	Directive string // such as script-src
	// IsStrict marks a directive with 'strict-dynamic', in which addresses do not count.
	IsStrict bool
}

// Check returns the first directive that forbids a request of a page, or nil. lines are the
// values of the field Content-Security-Policy. Each line has one policy or more, and each
// policy must allow the request (§2.2.2). to is absolute, with the scheme http or https. A
// WebSocket has http in place of ws, and https in place of wss.
func Check(lines []string, kind Kind, page, to *url.URL) *Violation {
	for _, line := range lines {
		for policy := range strings.SplitSeq(line, ",") {
			name, sources := effectiveDirective(policy, directives[kind])
			if name == "" {
				continue
			}
			isStrict := kind == Script && slices.ContainsFunc(sources, func(s string) bool { return strings.EqualFold(s, "'strict-dynamic'") })
			if isStrict || !slices.ContainsFunc(sources, func(s string) bool { return matches(s, page, to) }) {
				return &Violation{name, isStrict}
			}
		}
	}
	return nil
}

// effectiveDirective returns the directive of a policy with the first of some names, and its
// source expressions. Of several directives with a name the first counts (§2.2.1).
func effectiveDirective(policy string, names []string) (name string, sources []string) {
	best := len(names)
	for directive := range strings.SplitSeq(policy, ";") {
		fields := strings.Fields(directive)
		if len(fields) == 0 {
			continue
		}
		if i := slices.Index(names, strings.ToLower(fields[0])); i >= 0 && i < best {
			best, name, sources = i, names[i], fields[1:]
		}
	}
	return name, sources
}

// matches reports whether a source expression allows an address (§6.7.2). A nonce, a hash
// and any other keyword allow no address.
func matches(source string, page, to *url.URL) bool {
	switch {
	case source == "*":
		return true
	case strings.EqualFold(source, "'self'"):
		return strings.EqualFold(to.Hostname(), page.Hostname()) && schemeMatches(page.Scheme, to.Scheme) && portMatches(port(page), to)
	case strings.HasPrefix(source, "'"):
		return false
	}
	scheme, rest, hasScheme := strings.Cut(source, "://")
	if !hasScheme {
		if name, isScheme := strings.CutSuffix(source, ":"); isScheme {
			return schemeMatches(name, to.Scheme)
		}
		scheme, rest = page.Scheme, source
	}
	return schemeMatches(scheme, to.Scheme) && hostSourceMatches(rest, to)
}

// hostSourceMatches reports whether the host, port and path of a source expression allow an
// address.
func hostSourceMatches(source string, to *url.URL) bool {
	authority, path, hasPath := strings.Cut(source, "/")
	host, number := authority, ""
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		host, number = authority[:i], authority[i+1:]
	}
	return hostMatches(host, to.Hostname()) && portMatches(number, to) && (!hasPath || pathMatches("/"+path, to.Path))
}

// schemeMatches reports whether the scheme of a source expression allows a scheme. A secure
// scheme is allowed in place of its insecure one, and http in place of ws.
func schemeMatches(scheme, to string) bool {
	switch strings.ToLower(scheme) {
	case "http", "ws":
		return true
	case "https", "wss":
		return to == "https"
	}
	return false
}

func hostMatches(pattern, host string) bool {
	if suffix, isWildcard := strings.CutPrefix(pattern, "*"); isWildcard {
		return suffix == "" || len(host) > len(suffix) && strings.EqualFold(host[len(host)-len(suffix):], suffix)
	}
	return strings.EqualFold(strings.Trim(pattern, "[]"), host)
}

// portMatches reports whether the port of a source expression allows an address. Without a
// port, the default port of the address is allowed. Port 80 also allows 443 over TLS.
func portMatches(number string, to *url.URL) bool {
	switch number {
	case "*", port(to):
		return true
	case "":
		return port(to) == defaultPort(to.Scheme)
	}
	return number == "80" && to.Scheme == "https" && port(to) == "443"
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return defaultPort(u.Scheme)
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// pathMatches reports whether the path of a source expression allows a path. A path that
// ends with a slash allows all paths below.
func pathMatches(pattern, path string) bool {
	if decoded, err := url.PathUnescape(pattern); err == nil {
		pattern = decoded
	}
	if strings.HasSuffix(pattern, "/") {
		return strings.HasPrefix(path, pattern)
	}
	return path == pattern
}
