package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
)

const prefix = "/static/"

//go:embed *.css *.js icon.svg
var files embed.FS

// urls has the URL of every file by its name, and assets the file by its URL.
var urls, assets = load(files)

// contentTypes are spelled out because the tables of the mime package depend
// on the machine.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// URL returns the path that Handler serves a file under, given its name in
// this package, such as "cart.css". It panics if there is no such file: names
// are written by programmers, and the list of styles of a fragment is resolved
// when the program starts.
func URL(name string) string {
	u, ok := urls[name]
	if !ok {
		names := slices.Sorted(maps.Keys(urls))
		panic(fmt.Sprintf("static: no file %q; there are %s", name, strings.Join(names, ", ")))
	}
	return u
}

// Handler serves every URL that URL and PictureURL return. The name of a file
// with another hash, which is that of another version, gets the bytes of this
// one with a short life. To other paths it answers 404. It expects the whole path, with /static/ in front.
func Handler() http.Handler { return http.HandlerFunc(serve) }

// Has reports whether a path is one that URL or PictureURL return.
func Has(path string) bool {
	if _, ok := assets[path]; ok {
		return true
	}
	_, ok := drawn(path)
	return ok
}

func serve(w http.ResponseWriter, r *http.Request) {
	if !isRead(w, r) {
		return
	}
	if a, ok := assets[r.URL.Path]; ok {
		a.serve(w, r)
		return
	}
	if svg, ok := drawn(r.URL.Path); ok {
		servePicture(w, r, svg)
		return
	}
	if a, ok := assetNamed(r.URL.Path); ok {
		a.serveFor(w, r, staleControl)
		return
	}
	http.NotFound(w, r)
}

// isRead refuses every method but GET and HEAD.
func isRead(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	return false
}

// load reads all embedded files. Names without a known content type are
// mistakes of the embed pattern, and end the program.
func load(files embed.FS) (urls map[string]string, assets map[string]asset) {
	urls, assets = map[string]string{}, map[string]asset{}
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		body := read(files, e.Name())
		a := newAsset(contentTypes[path.Ext(e.Name())], body)
		u := urlOf(e.Name(), a.hash)
		urls[e.Name()], assets[u] = u, a
	}
	return urls, assets
}

// hashDigits is how many digits of a hash stand in names.
const hashDigits = 10

// read returns a file as it is served.
func read(files embed.FS, name string) []byte {
	if path.Ext(name) == ".js" {
		return script(files, name)
	}
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return body
}

func urlOf(name, hash string) string {
	ext := path.Ext(name)
	return prefix + strings.TrimSuffix(name, ext) + "." + hash + ext
}

// hash returns the digits that stand in names: enough that no two versions of
// a file ever meet.
func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])[:hashDigits]
}
