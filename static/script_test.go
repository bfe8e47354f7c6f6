package static_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"testing"

	"selvedge/static"
)

// budgets are the most bytes that a script may have on the wire, with what it
// imports.
var budgets = map[string]int{
	"selvedge.js":      15 << 9,
	"events.js":        1 << 10,
	"reload.js":        1 << 9,
	"status.js":        7 << 7,
	"upload.js":        3 << 8,
	"requests.js":      11 << 7,
	"htmx-guard.js":    19 << 8,
	"htmx-requests.js": 15 << 8,
	"shop.js":          3 << 10,
	"list.js":          3 << 8,
	"awaited.js":       3 << 8,
	"search.js":        3 << 9,
	"picture.js":       1 << 9,
	"changes.js":       1 << 10,
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
	source := compacted(t, "selvedge.js")
	line, rest, found := bytes.Cut(source, []byte("\n"))
	if want := `} from "./requests.js";`; !found || !bytes.HasSuffix(line, []byte(want)) {
		t.Fatalf("selvedge.js begins with %q; want an import that ends with %q", line, want)
	}
	want := append(bytes.ReplaceAll(compacted(t, "requests.js"), []byte("\nexport "), []byte("\n")), rest...)
	want = bytes.TrimPrefix(want, []byte("export "))
	for _, name := range []string{"events.js", "reload.js", "status.js", "upload.js"} {
		want = bytes.ReplaceAll(want, []byte("./"+name), []byte("./"+path.Base(static.URL(name))))
	}
	got := request(t, "GET", static.URL("selvedge.js")).Body.Bytes()
	if !bytes.Equal(got, want) {
		t.Errorf("selvedge.js is served with %d bytes; want the %d that are code", len(got), len(want))
	}
}

var trailingComment = regexp.MustCompile(` // .*$`)

// compacted returns the lines of a script that are code.
func compacted(t *testing.T, name string) []byte {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var code []byte
	for line := range bytes.Lines(source) {
		text := trailingComment.ReplaceAll(bytes.TrimSpace(line), nil)
		if len(text) > 0 && !bytes.HasPrefix(text, []byte("//")) {
			code = append(append(code, text...), '\n')
		}
	}
	return code
}

// TestScriptsAreServedInOnePiece looks for imports that a browser would have to
// load first, and for what is in a script twice.
func TestScriptsAreServedInOnePiece(t *testing.T) {
	for _, name := range []string{"selvedge.js", "htmx-guard.js"} {
		body := request(t, "GET", static.URL(name)).Body.Bytes()
		if regexp.MustCompile(`(?m)^(import|export) `).Match(body) {
			t.Errorf("%s imports or exports something; want it in one piece", name)
		}
		if n := bytes.Count(body, []byte("function notify(")); n != 1 {
			t.Errorf("%s has the function say %d times; want it once", name, n)
		}
	}
}

// TestScriptsCanBeCompacted holds what dropping lines and comments depends on.
func TestScriptsCanBeCompacted(t *testing.T) {
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
		for line := range bytes.Lines(source) {
			if code, _, found := bytes.Cut(line, []byte(" // ")); found && bytes.Count(code, []byte(`"`))%2 != 0 {
				t.Errorf("%s has %q; want no string that looks like a comment", name, line)
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

// TestTheClientKnowsNothingOfTheShop looks for words of the shop in selvedge.js,
// htmx-guard.js, and the scripts that they import.
func TestTheClientKnowsNothingOfTheShop(t *testing.T) {
	words := regexp.MustCompile(`(?i)\b(cents?|eur|pieces?|carts?|products?|shops?|checkout|prices?)\b`)
	for _, name := range []string{"selvedge.js", "events.js", "reload.js", "status.js", "upload.js", "requests.js", "htmx-guard.js", "htmx-requests.js"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := words.FindAll(source, -1); found != nil {
			t.Errorf("%s has %q; want no word of the shop", name, found)
		}
	}
}
