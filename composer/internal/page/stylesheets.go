package page

import "html"

// linkedStylesheets are the stylesheets that a page has linked.
type linkedStylesheets struct {
	paths map[string]bool
}

// link writes link elements for stylesheets that have none yet. In a body they are
// allowed too, where they delay only what follows them.
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
