package static

import (
	"bytes"
	"net/http"
	"path"
	"strings"
)

// Script returns the URL of a script that is not of this package, and what
// serves it there as Handler serves ours, with nothing left out. The name is
// that of its file, such as "htmx.min.js".
func Script(name string, body []byte) (url string, h http.Handler) {
	ext := path.Ext(name)
	a := newAsset(contentTypes[".js"], body)
	url = prefix + strings.TrimSuffix(name, ext) + "." + a.hash + ext
	return url, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isRead(w, r) {
			a.serve(w, r)
		}
	})
}

// compact drops indentation, blank lines, and lines that hold nothing but a
// comment with //, so that a script can be explained at length and is sent
// short. That changes what a script means only inside of template literals and
// of comments of the other kind: scripts of this package have neither.
func compact(script []byte) []byte {
	kept := make([]byte, 0, len(script))
	for line := range bytes.Lines(script) {
		if text := bytes.TrimSpace(line); len(text) > 0 && !bytes.HasPrefix(text, []byte("//")) {
			kept = append(append(kept, text...), '\n')
		}
	}
	return kept
}
