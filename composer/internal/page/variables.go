package page

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"selvedge/composer/esi"
	"selvedge/composer/internal/address"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/header"
)

// requestVariables are the values of the variables for a request (ESI 1.0 §4). They are
// safe for concurrent use.
type requestVariables struct {
	request   *http.Request // nil for a rendered view
	host      string
	query     parameters
	arguments parameters // of the query, for templates only
	header    http.Header
	cookies   []string      // allowed for variables, as received
	used      atomic.Uint32 // the fields of variableFieldNames that were read, as bits
}

// parameters are a query, parsed on first use.
type parameters struct {
	text   string
	parse  sync.Once
	values url.Values
}

// value returns the first value of a key, or the whole query for no key.
func (p *parameters) value(key string) string {
	if key == "" {
		return p.text
	}
	p.parse.Do(func() { p.values, _ = url.ParseQuery(p.text) })
	return p.values.Get(key)
}

// newRequestVariables returns the variables of a request. Templates can read a cookie
// only if its name, or "*", is in cookies.
func newRequestVariables(r *http.Request, cookies []string) *requestVariables {
	rv := &requestVariables{request: r, host: r.Host, header: r.Header, cookies: header.AllowedCookies(r.Header, cookies)}
	rv.query.text, rv.arguments.text = address.SplitArguments(r.URL.RawQuery)
	return rv
}

// variableFields maps variables with values from header fields to indexes of
// variableFieldNames.
var variableFields = map[string]int{"HTTP_COOKIE": 0, "HTTP_ACCEPT_LANGUAGE": 1, "HTTP_USER_AGENT": 2, "HTTP_REFERER": 3}

var variableFieldNames = []string{"Cookie", "Accept-Language", "User-Agent", "Referer"}

// value returns the value of a variable, as received. The value of an unknown variable is
// empty. The value of a language that the client does not accept is "false".
func (rv *requestVariables) value(v esi.Variable) string {
	if field, ok := variableFields[v.Name]; ok {
		rv.used.Or(1 << field)
	}
	switch v.Name {
	case "QUERY_STRING":
		return rv.query.value(v.Key)
	case "ESI_ARGS":
		return rv.argument(v.Key)
	case "HTTP_COOKIE":
		return rv.cookie(v.Key)
	case "HTTP_ACCEPT_LANGUAGE":
		return rv.language(v)
	case "HTTP_USER_AGENT":
		return userAgent(rv.header.Get("User-Agent"), v.Key)
	case "HTTP_HOST":
		return whole(rv.host, v.Key)
	case "HTTP_REFERER":
		return whole(rv.header.Get("Referer"), v.Key)
	case document.PathVariable:
		return rv.pathValue(v.Key)
	}
	return ""
}

// pathValue returns a value of the pattern that the path of the page matches.
func (rv *requestVariables) pathValue(key string) string {
	if rv.request == nil {
		return ""
	}
	return rv.request.PathValue(key)
}

// whole returns the value of a variable without keys.
func whole(value, key string) string {
	if key != "" {
		return ""
	}
	return value
}

// variableText returns a value as HTML, for text or for a quoted attribute.
func variableText(v esi.Variable, value string) string {
	return v.Or(html.EscapeString(value))
}

// url returns the value of a variable for an address. The query string remains a query.
// Delimiters in any other value are escaped.
func (rv *requestVariables) url(v esi.Variable) string {
	value := rv.value(v)
	if (v.Name == "QUERY_STRING" || v.Name == "ESI_ARGS") && v.Key == "" {
		return address.EscapeQuery(value)
	}
	return escapeComponent(value)
}

// cookie returns all cookies, or the value of a single cookie without its quotes.
func (rv *requestVariables) cookie(key string) string {
	if key == "" {
		return strings.Join(rv.cookies, "; ")
	}
	for _, pair := range rv.cookies {
		if name, value, _ := strings.Cut(pair, "="); strings.TrimSpace(name) == key {
			return header.Unquote(strings.TrimSpace(value))
		}
	}
	return ""
}

// language returns Accept-Language, or whether it has a language.
func (rv *requestVariables) language(v esi.Variable) string {
	list := strings.Join(rv.header.Values("Accept-Language"), ", ")
	if v.Key == "" {
		return list
	}
	for item := range strings.SplitSeq(list, ",") {
		name, _, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(name), v.Key) {
			return "true"
		}
	}
	if v.Default != "" {
		return ""
	}
	return "false"
}

// userAgent returns a part of a User-Agent field (ESI 1.0 §4.1).
func userAgent(agent, key string) string {
	switch {
	case agent == "" || key == "":
		return agent
	case key == "browser":
		return named(agent, "OTHER", "MSIE", "MSIE", "Mozilla", "MOZILLA")
	case key == "os":
		return named(agent, "OTHER", "Windows", "WIN", "Mac", "MAC", "X11", "UNIX", "Linux", "UNIX", "BSD", "UNIX", "SunOS", "UNIX")
	case key == "version":
		if _, after, ok := strings.Cut(agent, "MSIE "); ok {
			return versionOf(after)
		}
		_, after, _ := strings.Cut(agent, "/")
		return versionOf(after)
	}
	return ""
}

// named returns the second element of the first pair whose first element is in text.
func named(text, byDefault string, pairs ...string) string {
	for pair := range slices.Chunk(pairs, 2) {
		if strings.Contains(text, pair[0]) {
			return pair[1]
		}
	}
	return byDefault
}

// versionOf returns the digits and dots at the beginning of text.
func versionOf(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, "0123456789."))]
}

// escapeComponent escapes the delimiters of an address and the ends of lines, but not the
// colon before a port.
func escapeComponent(s string) string {
	escaped := url.QueryEscape(s)
	return strings.NewReplacer("+", "%20", "%3A", ":", "%2C", ",").Replace(escaped)
}

// address returns the address of an include with the values of its variables. A . or ..
// segment in a value would change the path (path traversal). Such a segment is marked by
// address.EncodeDotSegments, and the address is refused by address.Resolve and
// ParseReference. A . or .. segment of the template itself is resolved.
func (rv *requestVariables) address(v esi.Value) string {
	return v.ExpandURL(rv.urlPath, rv.url)
}

// refusedSegment makes any path an address that is refused.
const refusedSegment = "/%2E%2E/"

// urlPath returns the value of a variable for the path of an address. A value of the page's
// path is one segment, so a value with a slash is refused.
func (rv *requestVariables) urlPath(v esi.Variable) string {
	value := rv.url(v)
	if v.Name == document.PathVariable && strings.Contains(rv.value(v), "/") {
		return refusedSegment
	}
	return address.EncodeDotSegments(value)
}

// argument returns the value of an argument, or all arguments.
func (rv *requestVariables) argument(name string) string {
	if name != "" {
		name = address.ArgumentPrefix + name
	}
	return rv.arguments.value(name)
}
