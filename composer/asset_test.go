package composer_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"selvedge/composer"
)

// TestAnAssetIsForEveryCache asks for a file of a fragment, of this process and of
// another one, by name and by version.
func TestAnAssetIsForEveryCache(t *testing.T) {
	style := strings.Repeat("time { color: teal } ", 100)
	file := func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		switch r.URL.Path {
		case "/assets/a.css":
			h.Set("Content-Type", "text/css")
		case "/assets/a.png":
			h.Set("Content-Type", "image/png")
		default:
			http.NotFound(w, r)
			return
		}
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("ETag", `"a"`)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(style))
	}
	c := newComposer(t, composer.Options{}, fragments{"ours": file}, map[string]composer.Source{"theirs": {URL: remote(t, file)}})
	h := c.Session(c.Fragment())
	tests := []struct {
		name, target, field, value string
		status                     int
		etag, vary, body           string
	}{
		{"of this process", "/fragments/ours/assets/a.css", "", "", 200, `W/"a"`, "Accept-Encoding", style},
		{"of another process", "/fragments/theirs/assets/a.css", "", "", 200, `W/"a"`, "Accept-Encoding", style},
		{"compressed", "/fragments/theirs/assets/a.css", "Accept-Encoding", "br, gzip", 200, `W/"a"`, "Accept-Encoding", style},
		{"of a version", "/fragments/theirs@%5E1/assets/a.css", "", "", 200, `W/"a"`, "Accept-Encoding", style},
		{"which the browser has", "/fragments/theirs/assets/a.css", "If-None-Match", `W/"a"`, 304, `W/"a"`, "Accept-Encoding", ""},
		{"of which a part is wanted", "/fragments/theirs/assets/a.png", "Range", "bytes=0-3", 206, `"a"`, "", "time"},
		{"which is no text", "/fragments/theirs/assets/a.png", "Accept-Encoding", "gzip", 200, `"a"`, "", style},
		{"which is not there", "/fragments/theirs/assets/b.css", "", "", 404, "", "", "404 page not found\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := request(t, http.MethodGet, test.target)
			if test.field != "" {
				r.Header.Set(test.field, test.value)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			body := io.Reader(w.Body)
			if w.Header().Get("Content-Encoding") == "gzip" {
				var err error
				if body, err = gzip.NewReader(body); err != nil || w.Body.Len() > 200 {
					t.Fatalf("%d bytes, %v; want them compressed", w.Body.Len(), err)
				}
			} else if test.name == "compressed" {
				t.Error("the asset is not compressed")
			}
			if text, err := io.ReadAll(body); w.Code != test.status || string(text) != test.body || err != nil {
				t.Errorf("%d %q, %v; want %d %q", w.Code, text, err, test.status, test.body)
			}
			if got := w.Header()["Set-Cookie"]; got != nil {
				t.Errorf("Set-Cookie: %q; want none on a response that every cache may keep", got)
			}
			control := ""
			if test.status != 404 {
				control = "public, max-age=31536000, immutable"
			}
			for name, want := range map[string]string{"Cache-Control": control, "Vary": test.vary, "Etag": test.etag} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s: %q; want %q", name, got, want)
				}
			}
		})
	}
}
