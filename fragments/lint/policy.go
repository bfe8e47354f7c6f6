package lint

import (
	"strings"

	"selvedge/composer/htmltag"
)

// checkPolicy finds styles and scripts that the Content-Security-Policy of a site forbids
// by default.
func checkPolicy(r *report) {
	for t := range startTags(r.body) {
		_, hasSource := t.Attribute("src")
		kind, _ := t.Attribute("type")
		switch {
		case t.Name == "style":
			r.addAt(t.Start, "style", "move it into a stylesheet, and announce that with Link: <…>; rel=stylesheet", "<style> is forbidden by the policy of sites by default")
		case t.Name == "script" && !hasSource && isScript(kind):
			r.addAt(t.Start, "script", "move it into a file, and load that with src", "a script in the page is forbidden by the policy of sites by default")
		}
		for name := range htmltag.Attributes(t.Attributes) {
			checkAttributePolicy(r, t, string(name), offsetOf(r.body, name))
		}
	}
}

// checkAttributePolicy finds an attribute that is a style or a script.
func checkAttributePolicy(r *report, t htmltag.Tag, name string, offset int) {
	switch name = strings.ToLower(name); {
	case isESI(t):
	case name == "style":
		r.addAt(offset, "style", "give it a class, and the class the style in a stylesheet", "the attribute style is forbidden by the policy of sites by default")
	case len(name) > 2 && strings.HasPrefix(name, "on") && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") == "":
		r.addAt(offset, "script", "listen to the event in a script file", "the attribute %s is forbidden by the policy of sites by default", name)
	}
}

// isScript reports whether a script element of a type is executed, and is no data.
func isScript(kind string) bool {
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "", "module", "text/javascript", "application/javascript":
		return true
	}
	return false
}
