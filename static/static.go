package static

import (
	"embed"
	"net/http"
	"path"

	"selvedge/fragments/assets"
)

const prefix = "/static/"

//go:embed *.js *.d.ts icon.svg
var files embed.FS

var folder = load()

// load reads all embedded files. A name without a known content type is a mistake of
// the embed pattern, and ends the program.
func load() *assets.Folder {
	f := assets.NewFolder(prefix)
	entries, err := files.ReadDir(".")
	for i := 0; err == nil && i < len(entries); i++ {
		err = f.Add(entries[i].Name(), read(entries[i].Name()))
	}
	if err != nil {
		panic(err)
	}
	return f
}

// read returns a file as it is served.
func read(name string) []byte {
	if path.Ext(name) == ".js" {
		return script(name)
	}
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return body
}

// URL returns the path that Handler serves a file under, given its name in this
// package, such as "selvedge.js". It panics if there is no such file.
func URL(name string) string { return folder.URL(name) }

// Handler serves every URL that URL and PictureURL return. The name of a file with
// another hash, which is that of another version, gets the bytes of this one with a
// short life. To other paths it answers 404. It expects the whole path, with /static/ in
// front.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if svg, ok := drawn(r.URL.Path); ok {
			servePicture(w, r, svg)
			return
		}
		folder.ServeHTTP(w, r)
	})
}

// Has reports whether a path is one that URL or PictureURL return.
func Has(path string) bool {
	if folder.Has(path) {
		return true
	}
	_, ok := drawn(path)
	return ok
}

// IsStale reports whether a path is that of another version of a file of this package:
// a page that was made before a deployment, or after it by another process, names its
// own hash of a file.
func IsStale(path string) bool { return folder.IsStale(path) }
