package static_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"selvedge/static"
)

// budgets are the most bytes that a script may have on the wire.
var budgets = map[string]int{
	"selvedge.js":   7 << 10,
	"events.js":     1 << 10,
	"reload.js":     1 << 9,
	"htmx-guard.js": 3 << 9,
	"shop.js":       3 << 10,
	"list.js":       3 << 8,
	"search.js":     3 << 9,
}

func TestScriptsStayWithinTheirBudgets(t *testing.T) {
	scripts, err := filepath.Glob("*.js")
	if err != nil || len(scripts) != len(budgets) {
		t.Fatalf("Glob = %v, %v; want the %d scripts that have a budget", scripts, err, len(budgets))
	}
	for name, budget := range budgets {
		res := request(t, "GET", static.URL(name), "Accept-Encoding", "gzip")
		if got := res.Body.Len(); got > budget {
			t.Errorf("%s has %d bytes gzipped; want %d at most", name, got, budget)
		}
		if got := res.Header().Get("Content-Type"); got != "text/javascript; charset=utf-8" {
			t.Errorf("Content-Type of %s: %q; want that of a script", name, got)
		}
	}
}

func TestScriptsAreServedCompact(t *testing.T) {
	source, err := os.ReadFile("selvedge.js")
	if err != nil {
		t.Fatal(err)
	}
	var want []byte
	for line := range bytes.Lines(source) {
		if text := bytes.TrimSpace(line); len(text) > 0 && !bytes.HasPrefix(text, []byte("//")) {
			want = append(append(want, text...), '\n')
		}
	}
	for _, name := range []string{"events.js", "reload.js"} {
		want = bytes.ReplaceAll(want, []byte("./"+name), []byte(static.URL(name)))
	}
	got := request(t, "GET", static.URL("selvedge.js")).Body.Bytes()
	if !bytes.Equal(got, want) || bytes.Equal(got, source) {
		t.Errorf("selvedge.js is served with %d bytes; want the %d that are code", len(got), len(want))
	}
}

// TestScriptsHaveNoMultilineTokens holds what dropping lines depends on.
func TestScriptsHaveNoMultilineTokens(t *testing.T) {
	scripts, err := filepath.Glob("*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("Glob = %v, %v; want scripts", scripts, err)
	}
	for _, name := range scripts {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{"`", "/*"} {
			if bytes.Contains(source, []byte(token)) {
				t.Errorf("%s has %s, which can begin something of several lines", name, token)
			}
		}
	}
}

func TestAScriptOfSomebodyElseIsServedAsItIs(t *testing.T) {
	body := "// Licensed\n  run()\n"
	url, handler := static.Script("htmx.min.js", []byte(body))
	if !regexp.MustCompile(`^/static/htmx\.min\.[0-9a-f]{10}\.js$`).MatchString(url) {
		t.Errorf("Script(htmx.min.js) has the URL %s; want its name with a hash", url)
	}
	for method, want := range map[string]int{"GET": http.StatusOK, "POST": http.StatusMethodNotAllowed} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, url, nil))
		if w.Code != want || method == "GET" && w.Body.String() != body {
			t.Errorf("%s = %d %q; want %d", method, w.Code, w.Body, want)
		}
	}
}
