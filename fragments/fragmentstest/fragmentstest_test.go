package fragmentstest_test

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/a-h/templ"

	"selvedge/fragments"
	"selvedge/fragments/fragmentstest"
)

// notes is a fragment with a list of notes, for all visitors, and a form. Its root element has
// the attributes in root.
func notes(t *testing.T, root string) *fragments.Fragment {
	t.Helper()
	var mu sync.Mutex // guards all
	var all []string
	f, err := fragments.New(fragments.Manifest{
		Name: "notes", Version: "1.0.0", Title: "Notes",
		Assets: fstest.MapFS{"notes.css": {Data: []byte("#notes { color: teal }")}}, Styles: []string{"notes.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /notes", Title: "All notes", Handle: func(w http.ResponseWriter, r *http.Request) error {
				mu.Lock()
				defer mu.Unlock()
				text := fmt.Sprintf("<section %s data-style=\"%s\">%s</section>\n", root, fragments.URL(r.Context(), "notes.css"), strings.Join(all, ", "))
				return fragments.HTML(w, r, templ.Raw(text), fragments.Shared("notes"))
			}},
			{Pattern: "POST /notes", Title: "Add a note", Handle: func(w http.ResponseWriter, r *http.Request) error {
				mu.Lock()
				defer mu.Unlock()
				all = append(all, r.PostFormValue("note"))
				return fragments.SeeOther(w, r, "/notes", fragments.Answer{Changed: []string{"notes"}})
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// add is a form with a note.
func add(note string) *http.Request { return fragmentstest.Form("/notes", "note="+note) }

func TestAFragmentWithoutMistakes(t *testing.T) {
	f := notes(t, `id="notes"`)
	fragmentstest.Lint(t, f)
	fragmentstest.Golden(t, f, "/notes")
	if got := fragmentstest.InPage(t, f, "/notes", add("milk"), add("tea")).Find("main #notes").Text(); got != "milk, tea" {
		t.Errorf("the page has the notes %q; want those of both forms", got)
	}
	frame := fragmentstest.Push(t, f, "/notes", add("salt"))
	if !strings.Contains(frame, `id="notes"`) || !strings.Contains(frame, "milk, tea, salt</section>") {
		t.Errorf("the open page is sent %s; want all notes", frame)
	}
}

// recorder is a test that is expected to fail.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, values ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, values...))
}

func (r *recorder) Fatalf(format string, values ...any) {
	r.Errorf(format, values...)
	runtime.Goexit()
}

// failuresOf returns the failures of a test.
func failuresOf(t *testing.T, test func(testing.TB)) string {
	t.Helper()
	r, done := &recorder{TB: t}, make(chan struct{})
	go func() {
		defer close(done)
		test(r)
	}()
	<-done
	return strings.Join(r.failures, "\n")
}

func TestMistakesFailTheTest(t *testing.T) {
	tests := []struct {
		name string
		test func(testing.TB)
		want string
	}{
		{"a fragment without an id", func(tb testing.TB) { fragmentstest.Lint(tb, notes(t, "")) }, "id: http://"},
		{"a page that is not there", func(tb testing.TB) { fragmentstest.InPage(tb, notes(t, ""), "/none") }, "GET /none = 404"},
		{"a form that is not there", func(tb testing.TB) {
			fragmentstest.InPage(tb, notes(t, ""), "/notes", fragmentstest.Form("/none", ""))
		}, "POST /none = 404"},
		{"an error in place of HTML", func(tb testing.TB) { fragmentstest.Golden(tb, http.NotFoundHandler(), "/notes") }, "GET /notes = 404"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := failuresOf(t, test.test); !strings.Contains(got, test.want) {
				t.Errorf("the failures are %q; want %q", got, test.want)
			}
		})
	}
}

func TestOtherHTMLThanTheGoldenFileFailsTheTest(t *testing.T) {
	if flag.Lookup("update").Value.String() == "true" {
		return // there is no other HTML then
	}
	f := notes(t, `id="notes"`)
	t.Chdir(t.TempDir())
	golden := func(tb testing.TB) { fragmentstest.Golden(tb, f, "/notes") }
	if got := failuresOf(t, golden); !strings.Contains(got, "write it with -update") {
		t.Errorf("without a golden file the failures are %q; want the flag", got)
	}
	if err := os.Mkdir("testdata", 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/notes.golden.html", []byte("<p>other</p>"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := failuresOf(t, golden); !strings.Contains(got, "-want +got") || !strings.Contains(got, "GET /notes") {
		t.Errorf("with another golden file the failures are %q; want the difference", got)
	}
}

func TestAcceptedRulesAreNoFailures(t *testing.T) {
	fragmentstest.Lint(t, notes(t, ""), "id")
}

func TestVolatileTextIsLeftOut(t *testing.T) {
	calls := 0
	f := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		_, _ = io.WriteString(w, fmt.Sprintf("<p>call %d</p>\n", calls))
	})
	for range 2 {
		fragmentstest.Golden(t, f, "/calls/all?page=1", "call [0-9]+")
	}
	if _, err := os.Stat(filepath.Join("testdata", "calls-all.golden.html")); err != nil {
		t.Error(err)
	}
}
