package debugpanel

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"net/http"
	"time"
)

// The addresses of the files that a panel loads.
const (
	StylesheetPath = "/-/debug.css"
	ScriptPath     = "/-/debug.js"
)

//go:embed debug.css
var stylesheet []byte

//go:embed debug.js
var script []byte

// ServeFile answers a GET or HEAD of StylesheetPath or ScriptPath, and any other path with 404.
// The files are revalidated with each page, because their addresses stay the same.
func ServeFile(w http.ResponseWriter, r *http.Request) {
	var body []byte
	switch r.URL.Path {
	case StylesheetPath:
		body = stylesheet
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
	case ScriptPath:
		body = script
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(body)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
