package assets

import (
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
)

// Folder serves files under names with their hashes. It is safe for concurrent use
// after the last Add.
type Folder struct {
	prefix string
	urls   map[string]string // by name
	files  map[string]File   // by URL
}

// NewFolder returns an empty folder. Its URLs begin with prefix, such as "/assets/".
func NewFolder(prefix string) *Folder {
	return &Folder{prefix: prefix, urls: make(map[string]string), files: make(map[string]File)}
}

// Load returns a folder with all files of a file system, including subdirectories. An
// unknown extension is an error.
func Load(prefix string, files fs.FS) (*Folder, error) {
	f := NewFolder(prefix)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return f.Add(name, body)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Add adds a file. An unknown extension of the name is an error.
func (f *Folder) Add(name string, body []byte) error {
	contentType, ok := contentTypes[path.Ext(name)]
	if !ok {
		return fmt.Errorf("the content type of %q is not known; there are %s", name, strings.Join(slices.Sorted(maps.Keys(contentTypes)), ", "))
	}
	file := NewFile(contentType, body)
	url := f.prefix + file.Name(name)
	f.urls[name], f.files[url] = url, file
	return nil
}

// URL returns the URL of a file. It panics for a missing file, because names are written
// by programmers.
func (f *Folder) URL(name string) string {
	u, ok := f.urls[name]
	if !ok {
		panic(fmt.Sprintf("assets: no file %q; there are %s", name, strings.Join(f.Names(), ", ")))
	}
	return u
}

// Names returns the names of all files, sorted.
func (f *Folder) Names() []string { return slices.Sorted(maps.Keys(f.urls)) }

// Has reports whether a path is the URL of a file.
func (f *Folder) Has(path string) bool {
	_, ok := f.files[path]
	return ok
}

// IsStale reports whether a path is the URL of another version of a file.
func (f *Folder) IsStale(path string) bool {
	_, named := f.withAnyHash(path)
	return named && !f.Has(path)
}

// Serves reports whether ServeHTTP has a file for a path.
func (f *Folder) Serves(path string) bool {
	if _, ok := f.withAnyHash(path); ok || f.Has(path) {
		return true
	}
	name, below := strings.CutPrefix(path, f.prefix)
	return below && f.urls[name] != ""
}

// ServeHTTP serves a file by its whole path, with the hash, with another hash or without
// a hash. Any other path gets 404.
func (f *Folder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if file, ok := f.files[r.URL.Path]; ok {
		file.ServeHTTP(w, r)
		return
	}
	file, ok := f.withAnyHash(r.URL.Path)
	if name, below := strings.CutPrefix(r.URL.Path, f.prefix); !ok && below {
		file, ok = f.files[f.urls[name]]
	}
	if ok {
		file.serve(w, r, shortControl)
		return
	}
	http.NotFound(w, r)
}

// shortControl is the Cache-Control of a file under a name without its hash, or with the
// hash of another version. The page looks right in most cases, and a cache soon drops
// bytes that do not belong to the name.
const shortControl = "public, max-age=60"

// withAnyHash returns the file for a path with any hash.
func (f *Folder) withAnyHash(urlPath string) (File, bool) {
	name, ok := strings.CutPrefix(urlPath, f.prefix)
	if !ok {
		return File{}, false
	}
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext)
	digits := path.Ext(base)
	if len(digits) != 1+hashDigits || strings.Trim(digits[1:], "0123456789abcdef") != "" {
		return File{}, false
	}
	u, ok := f.urls[strings.TrimSuffix(base, digits)+ext]
	return f.files[u], ok
}

// contentTypes are listed here because the tables of package mime depend on the machine.
var contentTypes = map[string]string{
	".avif":        "image/avif",
	".css":         "text/css; charset=utf-8",
	".gif":         "image/gif",
	".ico":         "image/x-icon",
	".jpeg":        "image/jpeg",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".mjs":         "text/javascript; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".ts":          "text/plain; charset=utf-8", // declarations, for editors and compilers
	".txt":         "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
}
