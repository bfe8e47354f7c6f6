package composer

import (
	"net/http"
	"net/url"
	"strings"
)

// stylesheets returns the targets of the Link fields (RFC 8288) that are
// stylesheets, as paths on this site and in their order: those with the
// relation stylesheet, or preload as a style. Targets elsewhere are left out:
// what a page loads comes from its own origin.
func stylesheets(h http.Header) []string {
	var paths []string
	for _, field := range h.Values("Link") {
		for len(field) > 0 {
			var link string
			link, field = cutLink(field)
			if path, ok := stylesheet(link); ok {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// cutLink cuts a list of links at its first comma that stands neither in a
// target nor in a quoted string.
func cutLink(list string) (link, rest string) {
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

func stylesheet(link string) (path string, ok bool) {
	target, parameters, found := strings.Cut(strings.TrimSpace(link), ">")
	if !found || !strings.HasPrefix(target, "<") || !isStylesheet(parameters) {
		return "", false
	}
	u, err := url.Parse(target[1:])
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return "", false
	}
	return u.RequestURI(), true
}

func isStylesheet(parameters string) bool {
	var relations, as string
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(p, "=")
		value = strings.ToLower(strings.Trim(strings.TrimSpace(value), `"`))
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "rel":
			relations = " " + value + " "
		case "as":
			as = value
		}
	}
	return strings.Contains(relations, " stylesheet ") || as == "style" && strings.Contains(relations, " preload ")
}
