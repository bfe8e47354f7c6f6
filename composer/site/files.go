package site

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"
)

// filePrefix begins the address of a file as the template of a page.
const filePrefix = "/-/pages/"

// templateFiles serves the template files of the configuration, as ESI. A file is read
// for each request, so that a page has the file as it is: the response is stored by
// composers, and is compared with the file each time.
type templateFiles struct{ site *Site }

// ServeHTTP answers with a file that the configuration names.
func (f *templateFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	g := f.site.current.Load()
	if !g.files[name] {
		http.NotFound(w, r)
		return
	}
	file, err := os.Open(g.config.Path(name)) //nolint:gosec // the configuration names it
	if errors.Is(err, fs.ErrNotExist) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		panic(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Surrogate-Control", `content="ESI/1.0"`)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size())) // a Last-Modified misses changes within a second
	http.ServeContent(w, r, "", time.Time{}, file)
}
