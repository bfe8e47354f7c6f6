package config

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"selvedge/composer/registry"
)

// A Template is the template of a page: a resource of a fragment, or a file.
type Template struct {
	// File is the path of a file below the folder of the configuration. Empty: the template
	// is a reference.
	File string

	parts []templatePart
}

// templatePart is a text, or the value of a wildcard.
type templatePart struct {
	text     string
	wildcard string // empty: the part is text
	query    bool   // the value is in the query
}

// wildcardPattern matches a wildcard of net/http.ServeMux, and a value in a template.
var wildcardPattern = regexp.MustCompile(`\{([^{}]*)\}`)

// wildcardsOf returns the names of the wildcards in a pattern of net/http.ServeMux.
func wildcardsOf(pattern string) []string {
	var names []string
	for _, match := range wildcardPattern.FindAllStringSubmatch(pattern, -1) {
		if name := strings.TrimSuffix(match[1], "..."); name != "$" {
			names = append(names, name)
		}
	}
	return names
}

// Template reads a template: of a page, of a slot, or of a page of the site's own. The error describes a
// template that is neither a file nor a resource of a fragment.
func (c *Config) Template(text string) (Template, error) {
	resource, query, hasQuery := strings.Cut(text, "?")
	name, rest, _ := strings.Cut(resource, "/")
	name, _, _ = strings.Cut(name, "@")
	if _, ok := c.Fragments[name]; !ok {
		if c.isFile(resource) {
			return c.fileTemplate(text)
		}
		return Template{}, fmt.Errorf("%q: there is no fragment %q%s", text, name, suggestion(name, c.fragmentNames()))
	}
	if strings.HasPrefix(rest, "/") || strings.ContainsAny(text, " \t#\\") {
		return Template{}, fmt.Errorf("%q is no resource of a fragment, as in shell/post?slug={slug}", text)
	}
	if _, err := registry.ParseReference(registry.Prefix + wildcardPattern.ReplaceAllString(text, "x")); err != nil {
		return Template{}, fmt.Errorf("%q: %w", text, err)
	}
	t := Template{parts: partsOf(registry.Prefix+resource, false)}
	if hasQuery {
		t.parts = append(t.parts, partsOf("?"+query, true)...)
	}
	return t, nil
}

// partsOf returns the parts of a text with {values}.
func partsOf(text string, query bool) []templatePart {
	var parts []templatePart
	for text != "" {
		at := wildcardPattern.FindStringSubmatchIndex(text)
		if at == nil {
			return append(parts, templatePart{text: text})
		}
		if at[0] > 0 {
			parts = append(parts, templatePart{text: text[:at[0]]})
		}
		parts = append(parts, templatePart{wildcard: text[at[2]:at[3]], query: query})
		text = text[at[1]:]
	}
	return parts
}

// Files returns the files that are templates: of pages, of errors, or of the frame.
func (c *Config) Files() map[string]bool {
	texts := []string{c.Errors.NotFound, c.Errors.Error, c.Frame}
	for _, page := range c.Pages {
		texts = append(texts, page.Template)
	}
	files := make(map[string]bool)
	for _, text := range texts {
		if t, err := c.Template(text); err == nil && t.File != "" {
			files[t.File] = true
		}
	}
	return files
}

// isFile reports whether a template looks like a file of HTML.
func (c *Config) isFile(name string) bool {
	return slices.Contains([]string{".html", ".htm", ".xhtml"}, strings.ToLower(path.Ext(name)))
}

// fileTemplate returns the template of a file.
func (c *Config) fileTemplate(text string) (Template, error) {
	if strings.ContainsAny(text, "?{}") {
		return Template{}, fmt.Errorf("%q: a file has no query; it has the values of the path as $(SELVEDGE_PATH{name})", text)
	}
	clean := path.Clean(text)
	if path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") {
		return Template{}, fmt.Errorf("%q is outside of the folder of the configuration", text)
	}
	return Template{File: clean}, nil
}

// Wildcards returns the names of the values in the template.
func (t Template) Wildcards() []string {
	var names []string
	for _, p := range t.parts {
		if p.wildcard != "" {
			names = append(names, p.wildcard)
		}
	}
	return names
}

// Reference returns the reference of the template, with the values of its wildcards: in
// the path percent-encoded by segments, and in the query as one value. It reports false for
// a value that has a segment . or .. (path traversal).
func (t Template) Reference(value func(wildcard string) string) (string, bool) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.wildcard == "" {
			b.WriteString(p.text)
			continue
		}
		v := value(p.wildcard)
		segments := strings.Split(v, "/")
		if slices.Contains(segments, ".") || slices.Contains(segments, "..") {
			return "", false
		}
		if p.query {
			b.WriteString(url.QueryEscape(v))
			continue
		}
		for i, segment := range segments {
			segments[i] = url.PathEscape(segment)
		}
		b.WriteString(strings.Join(segments, "/"))
	}
	return b.String(), true
}

// Include returns the address for an include in a template, with ESI variables for the
// values.
func (t Template) Include() string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.wildcard == "" {
			b.WriteString(p.text)
		} else {
			b.WriteString("$(SELVEDGE_PATH{" + p.wildcard + "})")
		}
	}
	return b.String()
}

// fragmentNames returns the names of the fragments.
func (c *Config) fragmentNames() []string {
	var names []string
	for name := range c.Fragments {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
