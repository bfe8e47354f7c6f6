package composer_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"selvedge/composer"
)

// pages is what an origin answers by path: header lines that are joined by |,
// the end of the line, and a body. A line Status: 404 is the status.
type pages map[string]string

// esi is a template with more header lines.
func esi(lines, body string) string {
	return document(`Surrogate-Control: content="ESI/1.0"|`+lines, body)
}

// document is a document or a fragment.
func document(lines, body string) string {
	return "Content-Type: text/html; charset=utf-8|" + lines + "\n" + body
}

// origins answers by paths, which may change. What is asked for as a fragment
// of a registry is the same.
type origins struct {
	rename *strings.Replacer // of what answers include

	mu    sync.Mutex
	paths pages
	asked map[string]int
}

func (o *origins) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/fragments/part")
	o.mu.Lock()
	text, ok := o.paths[path]
	o.asked[path]++
	o.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	lines, body, _ := strings.Cut(text, "\n")
	status := http.StatusOK
	w.Header()["Content-Type"] = nil
	for line := range strings.SplitSeq(lines, "|") {
		name, value, found := strings.Cut(line, ": ")
		switch {
		case !found:
		case name == "Status":
			status, _ = strconv.Atoi(value)
		case name == "Content-Type":
			w.Header().Set(name, value)
		default:
			w.Header().Add(name, value)
		}
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, body)
	}
}

// change gives paths other answers.
func (o *origins) change(to pages) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for path, text := range to {
		o.paths[path] = o.rename.Replace(text)
	}
}

// fronts are what can stand before an origin: includes of a page are documents
// of the same origin for one, and fragments of the registry for the other.
var fronts = []struct {
	name  string
	front func(*testing.T, composer.Options, pages) (*site, *origins)
}{
	{"proxy", proxied},
	{"page", paged},
}

// proxied returns a proxy before an origin.
func proxied(t *testing.T, o composer.Options, p pages) (*site, *origins) {
	behind := &origins{rename: strings.NewReplacer(), paths: make(pages), asked: make(map[string]int)}
	behind.change(p)
	return newProxy(t, o, behind.ServeHTTP), behind
}

// paged returns pages and their fragments, all from another process: a template
// that includes /a includes /fragments/part/a.
func paged(t *testing.T, o composer.Options, p pages) (*site, *origins) {
	rename := strings.NewReplacer(`src="/`, `src="/fragments/part/`, `alt="/`, `alt="/fragments/part/`)
	behind := &origins{rename: rename, paths: make(pages), asked: make(map[string]int)}
	behind.change(p)
	source := composer.Source{URL: remote(t, behind.ServeHTTP)}
	c := newComposer(t, o, nil, map[string]composer.Source{"page": source, "part": source})
	server := httptest.NewUnstartedServer(c.Page("page"))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	t.Cleanup(server.Close)
	server.Client().Transport.(*http.Transport).DisableCompression = true
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &site{c, server}, behind
}
