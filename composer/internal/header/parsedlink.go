package header

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// parsedLink is a parsed link, without the parameters that are not kept.
type parsedLink struct {
	target string
	rel    string // the known relations, separated by spaces
	values [len(linkAttributes)]string
	given  [len(linkAttributes)]bool
}

// relations are the relations of the links that pages take over.
var relations = []string{"preload", "modulepreload", "preconnect", "dns-prefetch", "stylesheet", "icon"}

// linkAttributes are the link parameters that are kept, in the order of writing.
var linkAttributes = [...]string{"as", "type", "media", "crossorigin", "integrity", "referrerpolicy", "fetchpriority"}

// parseLink reads one link (RFC 8288 §3). It is not ok if the link is malformed or has
// an anchor, because its context is then not the response. Of a repeated parameter the
// first counts (§3.3, §3.4.1).
//
// The parser of tomnomnom/linkheader splits at commas and semicolons within targets and
// quoted values, matches the names of parameters by case, and lets the last of a repeated
// parameter count. It makes 13 allocations for two links.
func parseLink(text string) (p parsedLink, ok bool) {
	target, parameters, found := strings.Cut(strings.TrimSpace(text), ">")
	if !found || !strings.HasPrefix(target, "<") || strings.ContainsFunc(text, isControl) {
		return p, false
	}
	p.target = strings.TrimSpace(target[1:])
	if !strings.HasPrefix(strings.TrimSpace(parameters), ";") {
		parameters = ""
	}
	related := false
	for len(parameters) > 0 {
		var parameter string
		parameter, parameters = CutElement(parameters, ';')
		name, value, _ := strings.Cut(parameter, "=")
		name, value = strings.ToLower(strings.TrimSpace(name)), Unquote(strings.TrimSpace(value))
		switch {
		case name == "anchor":
			return p, false
		case name == "rel" && !related:
			p.rel, related = knownRelations(value), true
		default:
			p.setFirst(name, value)
		}
	}
	return p, true
}

// knownRelations returns the members of a list of relations that are in relations. It
// returns none for an alternate stylesheet, because a page is not shown with it.
func knownRelations(list string) string {
	var ours []string
	for relation := range strings.FieldsSeq(strings.ToLower(list)) {
		switch {
		case relation == "alternate":
			return ""
		case slices.Contains(relations, relation) && !slices.Contains(ours, relation):
			ours = append(ours, relation)
		}
	}
	return strings.Join(ours, " ")
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func (p *parsedLink) setFirst(name, value string) {
	if i := slices.Index(linkAttributes[:], name); i >= 0 && !p.given[i] {
		p.values[i], p.given[i] = value, true
	}
}

func (p *parsedLink) setValue(name, value string) {
	i := slices.Index(linkAttributes[:], name)
	p.values[i], p.given[i] = value, true
}

func (p *parsedLink) value(name string) string {
	return p.values[slices.Index(linkAttributes[:], name)]
}

func (p *parsedLink) has(relation string) bool {
	for own := range strings.FieldsSeq(p.rel) {
		if own == relation {
			return true
		}
	}
	return false
}

func (p *parsedLink) isStyle() bool {
	return p.has("stylesheet") || p.has("preload") && strings.EqualFold(p.value("as"), "style")
}

// field returns the link as a value of a Link field.
func (p *parsedLink) field(rel string) string {
	var b strings.Builder
	b.WriteString("<" + p.target + ">; rel=" + quoted(rel))
	for i, name := range linkAttributes {
		if p.given[i] {
			b.WriteString("; " + name)
			if p.values[i] != "" {
				b.WriteString("=" + quoted(p.values[i]))
			}
		}
	}
	return b.String()
}

// quoted returns a value as a token if possible, or else as a quoted string (RFC 9110
// §5.6).
func quoted(value string) string {
	if IsToken(value) {
		return value
	}
	return `"` + escapes.Replace(value) + `"`
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// linkTexts yields each link of all Link fields.
func linkTexts(h http.Header) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, field := range h["Link"] {
			for len(field) > 0 {
				var text string
				text, field = cutLink(field)
				if !yield(text) {
					return
				}
			}
		}
	}
}

// cutLink cuts a list of links at its first comma outside targets and quoted strings.
func cutLink(list string) (text, rest string) {
	var inTarget, inQuotes bool
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case inQuotes && c == '\\':
			i++
		case c == '"' && !inTarget:
			inQuotes = !inQuotes
		case inQuotes:
		case c == '<':
			inTarget = true
		case c == '>':
			inTarget = false
		case c == ',' && !inTarget:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}

// resolve returns the URL of a target for a browser.
func resolve(target string, base *url.URL) (string, bool) {
	reference, err := url.Parse(target)
	if err != nil || target == "" {
		return "", false
	}
	u := base.ResolveReference(reference)
	web := u.Scheme == "http" || u.Scheme == "https"
	switch {
	case u.User != nil, u.Opaque != "", u.Scheme != "" && !web, web && u.Host == "", escaped(u.Host) != u.Host:
		return "", false
	case u.Host == "" && (!strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//")):
		return "", false // a browser would read the path as a host
	}
	return escaped(u.String()), true
}

// ownPath returns the path and query of a target on this site.
func ownPath(target string) (path string, ok bool) {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return "", false
	}
	return escaped(u.RequestURI()), true
}

// escaped percent-encodes the bytes that no URL may have (RFC 3986 §2), because
// net/url leaves them in a query.
func escaped(u string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	done := 0
	for i := 0; i < len(u); i++ {
		if c := u[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.WriteString(u[done:i])
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			done = i + 1
		}
	}
	if done == 0 {
		return u
	}
	return b.String() + u[done:]
}
