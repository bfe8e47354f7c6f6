package lint

import (
	"strings"

	"selvedge/composer"
	"selvedge/composer/esi"
	"selvedge/composer/htmltag"
)

// checkTemplate finds the likely mistakes in a template.
func checkTemplate(r *report) {
	for _, w := range esi.Compile(r.body, composer.TemplateVariables()...).Warnings {
		r.addAtLine(w.Line, w.Column, "esi", w.Advice, w.Text)
	}
}

// checkOptIn finds ESI in a response that is not read as ESI.
func checkOptIn(r *report) {
	for t := range startTags(r.body) {
		if isESI(t) {
			r.addAt(t.Start, "opt-in", `send Surrogate-Control: content="ESI/1.0"`, "<%s> reaches the visitor as text, because the response does not opt in to ESI", t.Name)
			return
		}
	}
}

// isESI reports whether a tag is one of the language of templates.
func isESI(t htmltag.Tag) bool { return strings.HasPrefix(t.Name, "esi:") }
