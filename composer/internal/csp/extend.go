package csp

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// hostDirectives are the directives that list the hosts of a page's files, requests and forms,
// each with the directives that count in its place if a policy has none (§6.8.3).
var hostDirectives = map[string][]string{
	"connect-src": {"default-src"},
	"font-src":    {"default-src"},
	"form-action": nil,
	"frame-src":   {"child-src", "default-src"},
	"img-src":     {"default-src"},
	"media-src":   {"default-src"},
	"script-src":  {"default-src"},
	"style-src":   {"default-src"},
	"worker-src":  {"child-src", "script-src", "default-src"},
}

// HostDirectives returns the directives that Extend knows, sorted.
func HostDirectives() []string { return slices.Sorted(maps.Keys(hostDirectives)) }

// Extend returns a policy whose directive, one of HostDirectives, also allows further source
// expressions. Without the directive, the policy gets one with the sources that count in its
// place. Of several policies, separated by commas, each is extended, because each must allow a
// request (§2.2.2). A policy that does not restrict the directive stays as it is.
func Extend(policy, directive string, sources []string) string {
	var all []string
	for one := range strings.SplitSeq(policy, ",") {
		all = append(all, extendOne(strings.TrimSpace(one), directive, sources))
	}
	return strings.Join(all, ", ")
}

func extendOne(policy, directive string, sources []string) string {
	names := append([]string{directive}, hostDirectives[directive]...)
	name, before := effectiveDirective(policy, names)
	if name == "" {
		return policy
	}
	after := slices.DeleteFunc(slices.Clone(before), func(s string) bool { return strings.EqualFold(s, "'none'") })
	for _, source := range sources {
		if !slices.Contains(after, source) {
			after = append(after, source)
		}
	}
	text := directive + " " + strings.Join(after, " ")
	if name != directive {
		return strings.TrimRight(policy, "; ") + "; " + text
	}
	return replaceDirective(policy, directive, text)
}

// replaceDirective replaces the first directive with a name, which counts (§2.2.1).
func replaceDirective(policy, name, text string) string {
	parts := strings.Split(policy, ";")
	for i, part := range parts {
		if fields := strings.Fields(part); len(fields) > 0 && strings.EqualFold(fields[0], name) {
			parts[i] = strings.Repeat(" ", min(i, 1)) + text
			break
		}
	}
	return strings.Join(parts, ";")
}

// host is a source expression that names hosts: scheme://*.name:port/path.
type host struct{ scheme, name, port, path string }

// parseHost reads a source expression. It reports false for a keyword, a nonce, a hash, a
// maxHost is the length of the longest host source, in bytes, because hosts of manifests
// become a part of each response.
const maxHost = 128

// scheme alone, and * alone, which names no host.
func parseHost(source string) (h host, ok bool) {
	if len(source) > maxHost {
		return host{}, false
	}
	scheme, rest, hasScheme := strings.Cut(source, "://")
	if !hasScheme {
		scheme, rest = "", source
	}
	authority, path, hasPath := strings.Cut(rest, "/")
	if hasPath {
		h.path = "/" + path
	}
	h.scheme, h.name = strings.ToLower(scheme), strings.ToLower(authority)
	if i := strings.LastIndexByte(h.name, ':'); i > strings.LastIndexByte(h.name, ']') {
		if h.name, h.port = h.name[:i], h.name[i+1:]; h.port == "" {
			return host{}, false // a scheme alone
		}
	}
	return h, !strings.ContainsAny(source, " \t\r\n,;'\"?#@\\") && h.isValid()
}

// isValid reports whether the parts are those of a source expression.
func (h host) isValid() bool {
	isScheme := slices.Contains([]string{"", "http", "https", "ws", "wss"}, h.scheme)
	isPort := strings.Trim(h.port, "0123456789") == "" || h.port == "*"
	name := strings.TrimPrefix(h.name, "*.")
	u, err := url.Parse("https://" + name + h.path)
	return isScheme && isPort && !strings.Contains(name, "*") && err == nil && u.Hostname() != ""
}

// IsHost reports whether a source expression names hosts, as in https://cdn.example,
// *.cdn.example:8443 or https://cdn.example/images/.
func IsHost(source string) bool {
	_, ok := parseHost(source)
	return ok
}

// Covers reports whether a source expression allows all that another one allows. Both name
// hosts.
func Covers(pattern, source string) bool {
	p, ok := parseHost(pattern)
	s, isHost := parseHost(source)
	return ok && isHost && p.scheme == s.scheme && (p.port == s.port || p.port == "*") && p.coversName(s.name) && p.coversPath(s.path)
}

func (h host) coversName(name string) bool {
	suffix, isWildcard := strings.CutPrefix(h.name, "*")
	if !isWildcard {
		return h.name == name
	}
	return h.name == name || strings.HasSuffix(strings.TrimPrefix(name, "*"), suffix) && strings.TrimPrefix(name, "*") != suffix
}

// coversPath reports whether the path covers another one, which has no segment that leads up,
// in any encoding.
func (h host) coversPath(path string) bool {
	if h.path == "" || h.path == path {
		return true
	}
	decoded, err := url.PathUnescape(path)
	return err == nil && strings.HasSuffix(h.path, "/") && strings.HasPrefix(path, h.path) && !slices.Contains(strings.Split(decoded, "/"), "..")
}
