package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/fragments"
	"selvedge/hub"
)

// TestTheCodeOfTheDocumentationIsCompiled looks for the programs that begin a
// documentation in a file that is compiled, line by line. A line of three dots
// stands for any others.
func TestTheCodeOfTheDocumentationIsCompiled(t *testing.T) {
	tests := []struct{ document, code string }{
		{"README.md", "cmd/selvedge/docs_test.go"},
		{"fragments/doc.go", "cmd/selvedge/docs_test.go"},
		{"composer/doc.go", "composer/example_test.go"},
		{"hub/doc.go", "hub/example_test.go"},
	}
	for _, test := range tests {
		t.Run(test.document, func(t *testing.T) {
			program := firstProgram(t, test.document)
			code := linesOfFile(t, test.code)
			for _, part := range strings.Split(strings.Join(program, "\n"), "\n...\n") {
				want := strings.Split(part, "\n")
				at := slices.IndexFunc(code, func(line string) bool { return line == want[0] })
				for at >= 0 && at+len(want) <= len(code) && !slices.Equal(code[at:at+len(want)], want) {
					next := slices.Index(code[at+1:], want[0])
					if next < 0 {
						at = -1
						break
					}
					at += 1 + next
				}
				if at < 0 || at+len(want) > len(code) {
					t.Errorf("%s does not have these lines of %s:\n%s", test.code, test.document, part)
				}
			}
		})
	}
}

var (
	goBlock  = regexp.MustCompile("(?s)```go\n(.*?)```")
	docBlock = regexp.MustCompile(`(?m)(^//\t.*\n)+`)
)

// firstProgram returns the lines of the first program in a document, without
// their indentation.
func firstProgram(t *testing.T, document string) []string {
	t.Helper()
	b, err := os.ReadFile("../../" + document)
	if err != nil {
		t.Fatal(err)
	}
	text := docBlock.FindString(string(b))
	if match := goBlock.FindSubmatch(b); match != nil {
		text = string(match[1])
	}
	if text == "" {
		t.Fatalf("%s has no program", document)
	}
	return trimmed(strings.ReplaceAll(text, "//\t", ""))
}

func linesOfFile(t *testing.T, name string) []string {
	t.Helper()
	b, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return trimmed(string(b))
}

func trimmed(text string) []string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

// clock is the fragment of the README. It counts how often it is rendered.
type clock struct{ faces, bells int }

func (c *clock) fragment() (*fragments.Fragment, error) {
	face := func(time.Time) templ.Component { c.faces++; return templ.Raw(`<p id="clock">noon</p>`) }
	bell := func(*http.Request) templ.Component { c.bells++; return templ.Raw(`<p id="alarm">seven</p>`) }
	visitor := func(r *http.Request) string { return r.Header.Get("Cookie") }
	f, err := fragments.New(fragments.Manifest{
		Name: "clock", Version: "1.0.0", Title: "The time of day",
		Routes: []fragments.Route{{
			Pattern: "GET /now", Title: "The time, the same for everybody", Sample: "/now",
			Handle: func(w http.ResponseWriter, r *http.Request) error {
				return fragments.HTML(w, r, face(time.Now()), fragments.Shared("clock"))
			},
		}, {
			Pattern: "GET /alarm", Title: "The alarm of one visitor", Sample: "/alarm",
			Handle: func(w http.ResponseWriter, r *http.Request) error {
				return fragments.HTML(w, r, bell(r), fragments.Private("alarm:"+visitor(r)))
			},
		}},
	})
	return f, err
}

// TestWhatIsSharedIsRenderedOnce has ten visitors open a page of the README's
// fragment, and the last of them connect, with all options as they are by default.
func TestWhatIsSharedIsRenderedOnce(t *testing.T) {
	c := &clock{}
	f, err := c.fragment()
	if err != nil {
		t.Fatal(err)
	}
	shell := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = fmt.Fprint(w, `<esi:include src="/fragments/clock/now"/><esi:include src="/fragments/clock/alarm"/>`,
			`<esi:vars><div id="live" ws-connect="/live?page=$(SELVEDGE_PAGE)"></div></esi:vars>`)
	})
	registry := composer.NewRegistry()
	for name, h := range map[string]http.Handler{"clock": f, "shell": shell} {
		if err := registry.Add(name, "1.0.0", composer.Source{Handler: h}); err != nil {
			t.Fatal(err)
		}
	}
	site, err := live.New(registry, composer.Options{}, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.Close(context.Background()) })
	page := site.Page("shell")
	const visitors = 10
	var w *httptest.ResponseRecorder
	for range visitors {
		w = httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	}
	if c.faces != 1 || c.bells != visitors {
		t.Errorf("the time was rendered %d times and the alarm %d times for %d visitors; want 1 and %d", c.faces, c.bells, visitors, visitors)
	}
	url, _ := (answer{w.Result(), w.Body.String()}).document(t).Find("#live").Attr("ws-connect")
	r := httptest.NewRequestWithContext(t.Context(), "GET", url, nil)
	r.AddCookie(w.Result().Cookies()[0])
	poll := httptest.NewRecorder()
	site.Live().ServeHTTP(poll, r)
	if poll.Code != http.StatusNotModified {
		t.Errorf("the page of a moment ago is sent %d %s; want 304, for composer and hub have one epoch", poll.Code, poll.Body)
	}
}
