package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contractBlock returns the first block of a language in the contract for authors.
func contractBlock(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile("../../fragments/CONTRACT.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(text)
	if block == nil {
		t.Fatalf("the contract has no block of %s", language)
	}
	return string(block[1])
}

// contractPrograms start the programs of the contract, by their language. Each returns the
// address of its program.
var contractPrograms = map[string]func(t *testing.T, file string) string{
	"python": func(t *testing.T, file string) string { return startService(t, nil, "python3", file) },
	"js": func(t *testing.T, file string) string {
		return startService(t, []string{"NODE_PATH=" + expressFolder(t)}, "node", file)
	},
	"go": func(t *testing.T, file string) string {
		root, err := filepath.Abs("../..")
		if err != nil {
			t.Fatal(err)
		}
		module := "module example.com/notes\n\ngo 1.26\n\nrequire selvedge v0.0.0\n\nreplace selvedge => " + root + "\n"
		dir := filepath.Dir(file)
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o600); err != nil {
			t.Fatal(err)
		}
		return startService(t, nil, buildModule(t, dir))
	},
}

// contractSite serves the page of the contract with the program in a language.
func contractSite(t *testing.T, language string) (site *testShop, source string) {
	t.Helper()
	s := &story{t: t, folder: t.TempDir()}
	s.write("page.html", contractBlock(t, "html"))
	source = s.startContractProgram(language)
	s.write("site.yaml", strings.Replace(contractBlock(t, "yaml"), "http://127.0.0.1:7001", source, 1))
	return s.serve(), source
}

// startContractProgram starts the program of the contract in a language, and returns its
// address.
func (s *story) startContractProgram(language string) string {
	s.t.Helper()
	program := map[string]string{"python": "notes.py", "js": "notes.js", "go": "main.go"}[language]
	s.write(program, contractBlock(s.t, language))
	return contractPrograms[language](s.t, filepath.Join(s.folder, program))
}

// The fragments of the contract are included, changed by their forms, and sent to open
// pages.
func TestTheFragmentsOfTheContract(t *testing.T) {
	for language := range contractPrograms {
		t.Run(language, func(t *testing.T) {
			site, _ := contractSite(t, language)
			other := newShop(t, site.url, site.log)
			addNote(t, other, "note=%3Cb%3E")
			page := site.page("/").document(t)
			if notes := page.Find("section#notes li").Text(); notes != "<b>" {
				t.Fatalf("the page has the notes %q; want the text of the first form", notes)
			}
			live := connectTo(t, site, page.Find("#live").AttrOr("ws-connect", ""))
			for _, note := range []string{"Buy milk", "Call Ann"} { // the second after the hub has the first
				addNote(t, other, "note="+url.QueryEscape(note))
				if notes := site.page("/").document(t).Find("#notes li").Text(); !strings.HasSuffix(notes, note) {
					t.Errorf("after the form the page has the notes %q; want %q as the last", notes, note)
				}
				wantOneFrame(t, live, note)
			}
		})
	}
}

// wantOneFrame reads one frame with the fragment of the contract, and then the answer to a
// ping, so that there is no second frame.
func wantOneFrame(t *testing.T, live *websocket.Conn, note string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, push, err := live.Read(ctx)
	if err != nil || !strings.Contains(string(push), note) || !strings.Contains(string(push), `hx-swap-oob="true"`) {
		t.Fatalf("the open page is sent %q, %v; want the fragment with %s", push, err, note)
	}
	if err := live.Write(ctx, websocket.MessageText, []byte("ping")); err != nil {
		t.Fatal(err)
	}
	if _, next, err := live.Read(ctx); err != nil || string(next) != "pong" {
		t.Errorf("after one frame comes %q, %v; want no other before the pong", next, err)
	}
}

// addNote sends the form of the contract's fragment.
func addNote(t *testing.T, s *testShop, form string) {
	t.Helper()
	if a := s.post("/fragments/notes/notes", form); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/" {
		t.Fatalf("the form is answered %s, Location %q, %s; want 303 and the page", a.Status, a.Header.Get("Location"), a.body)
	}
}

// connectTo opens the live connection of a page.
func connectTo(t *testing.T, s *testShop, address string) *websocket.Conn {
	t.Helper()
	o := &websocket.DialOptions{HTTPClient: s.client, HTTPHeader: http.Header{"Origin": {s.url}}}
	live, _, err := websocket.Dial(t.Context(), s.url+address, o)
	if err != nil {
		t.Fatalf("connecting to %q: %v", address, err)
	}
	t.Cleanup(func() { _ = live.CloseNow() })
	return live
}

// The programs are short enough to be read at a glance: 25 lines, beside imports and blank
// lines.
func TestTheFragmentsOfTheContractAreShort(t *testing.T) {
	for language := range contractPrograms {
		code := contractBlock(t, language)
		if language == "go" {
			_, code, _ = strings.Cut(code, "\n)\n")
		}
		lines := 0
		for line := range strings.Lines(code) {
			if strings.TrimSpace(line) != "" {
				lines++
			}
		}
		if lines > 25 {
			t.Errorf("%s has %d lines; want 25 at most", language, lines)
		}
	}
}

// A site publishes the schema of manifests, and the manifest of the contract's Go program is
// as it says.
func TestTheSchemaOfManifestsIsPublished(t *testing.T) {
	site, source := contractSite(t, "go")
	published := site.do(http.MethodGet, "/-/manifest.schema.json", "")
	if got := published.Header.Get("Content-Type"); published.StatusCode != http.StatusOK || got != "application/schema+json" {
		t.Fatalf("the schema is %s, %s", published.Status, got)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(published.body))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("manifest.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	manifest := newShop(t, source, site.log).do(http.MethodGet, "/manifest.json", "").body
	if err := validate(schema, []byte(manifest)); err != nil {
		t.Errorf("the manifest %s: %v", manifest, err)
	}
	for text, isValid := range map[string]bool{
		`{"name":"a"}`: true, `{"name":"a","version":"1.2.3-rc.1","team":"b"}`: true,
		`{}`: false, `{"name":"A"}`: false, `{"name":"a","version":"v1.2.3"}`: false, `{"name":"a","version":"1.2"}`: false,
		`{"name":"a","paths":[{"pattern":"/b"}]}`: false, `{"name":"a","paths":[{"pattern":"GET /b","sample":"b"}]}`: false,
	} {
		if err := validate(schema, []byte(text)); (err == nil) != isValid {
			t.Errorf("the manifest %s: %v; want valid: %v", text, err, isValid)
		}
	}
}
