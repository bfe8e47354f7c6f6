package static

import (
	"bytes"
	"embed"
	"net/http"
	"regexp"
)

// Script returns the URL of a script that is not of this package, and what
// serves it there as Handler serves ours, with nothing left out. The name is
// that of its file, such as "htmx.min.js".
func Script(name string, body []byte) (url string, h http.Handler) {
	a := newAsset(contentTypes[".js"], body)
	return urlOf(name, a.hash), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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

// imports matches how a script of this package loads another when it needs it.
var imports = regexp.MustCompile(`import\("\./([\w-]+\.js)"\)`)

// linkImports puts the URLs of the scripts that a script loads in the place of
// their names.
func linkImports(files embed.FS, script []byte) []byte {
	return imports.ReplaceAllFunc(script, func(match []byte) []byte {
		name := string(imports.FindSubmatch(match)[1])
		return []byte(`import("` + urlOf(name, hash(read(files, name))) + `")`)
	})
}
