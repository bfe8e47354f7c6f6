package page

import "html"

// linkedStylesheets are the stylesheets linked by a page.
type linkedStylesheets struct {
	paths map[string]bool
}

// link writes link elements for the stylesheets not yet linked. A link element is allowed
// in a body too, and delays only the content after it.
func (l *linkedStylesheets) link(pw *pageWriter, paths []string) error {
	for _, path := range paths {
		if l.paths[path] {
			continue
		}
		if l.paths == nil {
			l.paths = make(map[string]bool)
		}
		l.paths[path] = true
		if err := pw.constant(`<link rel="stylesheet" href="` + html.EscapeString(path) + `">`); err != nil {
			return err
		}
	}
	return nil
}
