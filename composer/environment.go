package composer

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
	"selvedge/composer/internal/header"
)

// environment is what a request says to the variables of its page (ESI 1.0
// §4). It is safe for concurrent use.
type environment struct {
	host      string
	query     parameters
	arguments parameters // those of the query that are for templates alone
	header    http.Header
	cookies   []string      // those that variables may show, as they came
	used      atomic.Uint32 // which of variableFieldNames were asked for, as bits
}

// parameters are a query, read at its first use.
type parameters struct {
	text   string
	parse  sync.Once
	values url.Values
}

// value returns the first value of a key, or the whole.
func (p *parameters) value(key string) string {
	if key == "" {
		return p.text
	}
	p.parse.Do(func() { p.values, _ = url.ParseQuery(p.text) })
	return p.values.Get(key)
}

// newEnvironment returns the environment of a request. Pages that are stored
// for everybody show what their variables say, so a cookie has a variable only
// if its name is in cookies, or if "*" is.
func newEnvironment(r *http.Request, cookies []string) *environment {
	e := &environment{host: r.Host, header: r.Header, cookies: header.AllowedCookies(r.Header, cookies)}
	e.query.text, e.arguments.text = address.SplitArguments(r.URL.RawQuery)
	return e
}

// variableNames are the variables that templates know.
var variableNames = []string{
	"QUERY_STRING", "HTTP_HOST", "HTTP_REFERER", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "ESI_ARGS",
	stylesVariable, pageVariable, lateVariable,
}

// variableFields are the request's header fields from which variables come, as
// numbers in variableFieldNames.
var variableFields = map[string]int{"HTTP_COOKIE": 0, "HTTP_ACCEPT_LANGUAGE": 1, "HTTP_USER_AGENT": 2, "HTTP_REFERER": 3}

var variableFieldNames = []string{"Cookie", "Accept-Language", "User-Agent", "Referer"}

// value returns what a variable stands for, as it came. One that is not
// known is empty; a language that is not in the list is false.
func (e *environment) value(v esi.Variable) string {
	if field, ok := variableFields[v.Name]; ok {
		e.used.Or(1 << field)
	}
	switch v.Name {
	case "QUERY_STRING":
		return e.query.value(v.Key)
	case "ESI_ARGS":
		return e.argument(v.Key)
	case "HTTP_COOKIE":
		return e.cookie(v.Key)
	case "HTTP_ACCEPT_LANGUAGE":
		return e.language(v)
	case "HTTP_USER_AGENT":
		return userAgent(e.header.Get("User-Agent"), v.Key)
	case "HTTP_HOST":
		return whole(e.host, v.Key)
	case "HTTP_REFERER":
		return whole(e.header.Get("Referer"), v.Key)
	}
	return ""
}

// whole is the value of a variable that has no parts.
func whole(value, key string) string {
	if key != "" {
		return ""
	}
	return value
}

// variableText returns what stands for a variable with a value in HTML: in text, or
// in an attribute in quotes.
func variableText(v esi.Variable, value string) string {
	return v.Or(html.EscapeString(value))
}

// url returns what stands for a variable in an address. The query string stays
// one, and a key's value cannot bring in what would divide the address.
func (e *environment) url(v esi.Variable) string {
	value := e.value(v)
	if (v.Name == "QUERY_STRING" || v.Name == "ESI_ARGS") && v.Key == "" {
		return address.EscapeQuery(value)
	}
	return escapeComponent(value)
}

// cookie returns all cookies, or the value of one. Quotes around that are no
// part of it.
func (e *environment) cookie(key string) string {
	if key == "" {
		return strings.Join(e.cookies, "; ")
	}
	for _, pair := range e.cookies {
		if name, value, _ := strings.Cut(pair, "="); strings.TrimSpace(name) == key {
			return header.Unquote(strings.TrimSpace(value))
		}
	}
	return ""
}

// language returns the list, or whether a language is in it.
func (e *environment) language(v esi.Variable) string {
	list := strings.Join(e.header.Values("Accept-Language"), ", ")
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

// userAgent returns a part of a User-Agent field, in the words of ESI 1.0
// §4.1.
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

// named returns the second of the first pair whose first is in text.
func named(text, byDefault string, pairs ...string) string {
	for pair := range slices.Chunk(pairs, 2) {
		if strings.Contains(text, pair[0]) {
			return pair[1]
		}
	}
	return byDefault
}

// versionOf returns the digits and dots that text begins with.
func versionOf(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, "0123456789."))]
}

// escapeComponent escapes all that could divide an address, end a line or
// name another host, and leaves the colon before a port.
func escapeComponent(s string) string {
	escaped := url.QueryEscape(s)
	return strings.NewReplacer("+", "%20", "%3A", ":", "%2C", ",").Replace(escaped)
}

// address returns the address of an include with the values of its variables.
// A . or .. segment in a visitor's value would change which path the include
// asks for (path traversal), so address.EncodeDotSegments marks it, and address.Resolve
// and ParseReference refuse the address. The template's own are resolved.
func (e *environment) address(v esi.Value) string {
	return v.ExpandURL(func(v esi.Variable) string { return address.EncodeDotSegments(e.url(v)) }, e.url)
}

// argument returns what a template knows of an argument, or of all of them.
func (e *environment) argument(name string) string {
	if name != "" {
		name = address.ArgumentPrefix + name
	}
	return e.arguments.value(name)
}
