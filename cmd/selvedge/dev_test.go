package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// freePort returns the number of a port that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// startDev runs selvedge dev.
func startDev(t *testing.T, args ...string) *testShop {
	t.Helper()
	if folder, err := os.UserCacheDir(); err == nil && os.Getenv("GOCACHE") == "" {
		t.Setenv("GOCACHE", filepath.Join(folder, "go-build")) // where builds find what is compiled already
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir()) // for the key
	return startHere(t, append([]string{"selvedge", "dev", "--listen", "127.0.0.1:0", "--log", "text"}, args...)...)
}

// develop serves the site of the folder in development.
func (s *story) develop() *testShop {
	s.t.Helper()
	return startDev(s.t, "--config", filepath.Join(s.folder, "site.yaml"))
}

// edit replaces a text in a file of the folder.
func (s *story) edit(name, before, after string) {
	s.t.Helper()
	text := s.read(filepath.Join(s.folder, name))
	if !strings.Contains(text, before) {
		s.t.Fatalf("%s has no %q", name, before)
	}
	s.write(name, strings.Replace(text, before, after, 1))
}

// notesSite writes a site with one page around the notes of the contract, in Python.
func notesSite(t *testing.T) *story {
	t.Helper()
	s := &story{t: t, folder: t.TempDir()}
	s.write("notes.py", contractBlock(t, "python"))
	s.write("page.html", `<!DOCTYPE html><html lang="en"><head><title>Notes</title></head><body style="height: 9999px"><h1>Notes</h1>`+
		`<textarea id="other"></textarea><esi:include src="/fragments/notes/notes"><p>No notes</p></esi:include></body></html>`)
	s.write("site.yaml", fmt.Sprintf("fragments:\n  notes: {url: \"http://127.0.0.1:%d\", command: \"python3 notes.py $PORT\", watch: [\"*.py\"]}\n"+
		"pages: {/: page.html}\npolicy: {content-security-policy: off}\n", freePort(t)))
	return s
}

// A developer sees each change without the reload button: of a program, of a template, and of
// the site's file.
func TestAPageInDevelopmentIsLoadedAgain(t *testing.T) {
	s := notesSite(t)
	site := s.develop()
	b := startBrowser(t, site.url)
	b.beforeScripts(`addEventListener("selvedge:state", e => window.state = e.detail.state)`)
	b.open("/")
	b.sees("#notes", "Add")
	b.until("the page is live", `window.state === "live"`) // the script keeps what is typed once it is there
	// In one step, because the page may be loaded again as soon as its server has started.
	evaluate[any](b, `other.value = "half a thou"; other.dispatchEvent(new Event("input", { bubbles: true })); scrollTo(0, 700)`)

	began := time.Now()
	s.edit("notes.py", "<button>Add", "<button>Write")
	b.sees("#notes", "Write")
	t.Logf("a change of a program in Python is shown after %v", time.Since(began))
	b.until("what was typed is there", `document.getElementById("other")?.value === "half a thou"`)
	b.until("the place is there", `scrollY === 700`)

	began = time.Now()
	s.edit("page.html", "<h1>Notes", "<h1>My notes")
	b.sees("h1", "My notes")
	t.Logf("a change of a template file is shown after %v", time.Since(began))

	s.edit("notes.py", "notes = []", "notes = [")
	b.sees("body", "No notes")
	if log := site.log.String(); !strings.Contains(log, "notes | SyntaxError") {
		t.Errorf("the output of the program is not shown:\n%s", log)
	}
	s.edit("notes.py", "notes = [", "notes = []")
	b.sees("#notes", "Write")

	s.write("other.html", `<body><h1>Another template</h1></body>`)
	s.edit("site.yaml", "page.html", "other.html")
	b.sees("h1", "Another template")
}

// A write is pushed to the page, although nothing is stored.
func TestAPageInDevelopmentIsSentChanges(t *testing.T) {
	s := notesSite(t)
	site := s.develop()
	page := site.page("/")
	if control := page.Header.Get("Cache-Control"); !strings.Contains(control, "no-") {
		t.Errorf("Cache-Control: %s; want the browser to ask each time", control)
	}
	live := connectTo(t, site, page.document(t).Find("#live").AttrOr("ws-connect", ""))
	addNote(t, newShop(t, site.url, site.log), "note=Milk")
	for {
		_, message, err := live.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(message, []byte("Milk")) {
			return
		}
	}
}

// A request waits for a server that is starting, and an error page is loaded again.
func TestARequestInDevelopmentWaitsForAServer(t *testing.T) {
	s := notesSite(t)
	s.edit("notes.py", "import html", "import time; time.sleep(0.3)\nimport html")
	s.edit("site.yaml", "page.html", "notes/missing, /notes: notes/notes")
	site := s.develop()
	if a := site.page("/notes"); a.StatusCode != http.StatusOK {
		t.Errorf("the first page is %s; want it to wait for the server", a.Status)
	}
	s.edit("notes.py", "<button>Add", "<button>Write")
	eventually(t, "the program is started again", func() bool { return strings.Contains(site.page("/notes").body, "Write") })
	s.edit("notes.py", "notes = []", "notes = [")
	eventually(t, "the error page is loaded again", func() bool {
		a := site.do(http.MethodGet, "/notes", "", "Accept", "text/html")
		return a.StatusCode >= http.StatusInternalServerError && a.Header.Get("Refresh") == "1"
	})
}

// The texts of a template are on the page within a second, and Go code within three.
func TestTemplInDevelopment(t *testing.T) {
	s := &story{t: t, folder: t.TempDir()}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.folder, "views"), 0o700); err != nil {
		t.Fatal(err)
	}
	module := strings.Replace(s.read("../../go.mod"), "module selvedge", "module example.com/hello", 1)
	s.write("go.mod", module+"\nrequire selvedge v0.0.0\n\nreplace selvedge => "+root+"\n")
	s.write("go.sum", s.read("../../go.sum"))
	s.write("main.go", s.read("testdata/dev/main.go"))
	s.write("views/hello.templ", s.read("testdata/dev/hello.templ.txt"))
	s.write("page.html", `<body><esi:include src="/fragments/hello/hello">none</esi:include></body>`)
	s.write("site.yaml", fmt.Sprintf("fragments:\n  hello: {url: \"http://127.0.0.1:%d\", command: [go, run, .]}\npages: {/: page.html}\n", freePort(t)))
	t.Setenv("GOFLAGS", "-mod=mod")
	site := s.develop()
	b := startBrowser(t, site.url)
	building := time.Now()
	for !strings.Contains(site.page("/").body, "Hello, world") {
		if time.Since(building) > 2*time.Minute {
			t.Fatalf("the first build takes long: %s", site.log)
		}
	}
	t.Logf("the first page is there after %v", time.Since(building))
	b.open("/")
	b.sees("#hello", "Hello, world")
	for _, change := range []struct{ what, file, before, after, want string }{
		{"a text", "views/hello.templ", "world", "planet", "Hello, planet"},
		{"a text of more lines", "views/hello.templ", "planet", "planet\n\tand\n\tmoon", "Hello, planet and moon"},
		{"Go code in a template", "views/hello.templ", "{ greeting }", `{ greeting + "!" }`, "Hello!, planet"},
		{"Go code", "main.go", `"Hello"`, `"Good morning"`, "Good morning!, planet"},
		{"a text after that", "views/hello.templ", "planet", "universe", "Good morning!, universe"},
	} {
		began := time.Now()
		s.edit(change.file, change.before, change.after)
		b.sees("#hello", change.want)
		t.Logf("%s is shown after %v", change.what, time.Since(began))
	}
}

// A fragment that is rendered for each visitor, although all get the same, is named.
func TestDevelopmentSaysWhatCouldBeShared(t *testing.T) {
	s := &story{t: t, folder: t.TempDir()}
	fragment := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/manifest.json" {
			_, _ = io.WriteString(w, `{"name":"offers","version":"1.0.0","paths":[{"pattern":"GET /today","sample":"/today"}]}`)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "private")
		w.Header().Set("Cache-Groups", `"offers"`)
		_, _ = io.WriteString(w, `<p id="offers">The same for all</p>`)
	}))
	t.Cleanup(fragment.Close)
	s.write("page.html", `<body><esi:include src="/fragments/offers/today"/></body>`)
	s.write("site.yaml", "fragments: {offers: \""+fragment.URL+"\"}\npages: {/: page.html}\n")
	site := s.develop()
	eventually(t, "the log says that it could be shared", func() bool {
		return strings.Contains(site.log.String(), "/today: 10 visitors, 10 renderings, and the answers were equal")
	})
}
