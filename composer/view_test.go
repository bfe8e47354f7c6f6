package composer_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// recording is a ResponseWriter in memory that can flush.
type recording struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecording() *recording { return &recording{header: make(http.Header)} }

func (w *recording) Header() http.Header         { return w.header }
func (w *recording) WriteHeader(status int)      { w.status = status }
func (w *recording) Write(p []byte) (int, error) { return w.body.Write(p) }
func (w *recording) Flush()                      {}

func TestRenderGivesAViewWhatItsVisitorsSee(t *testing.T) {
	c := newComposer(t, composer.Options{Cookies: []string{"session"}}, fragments{
		"cart": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Groups", `"cart:1", "product:2"`)
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprintf(w, `<p id="c" data-revision="3" data-epoch="e">%s %s %s</p>`, r.Header.Get("Cookie"), r.Header.Get("Accept-Language"), r.Header.Get("Accept"))
		},
	}, nil)
	got, err := c.Render(t.Context(), composer.View{Reference: "/fragments/cart/mini", Variant: "Cookie: session=1\nAccept-Language: de\n"}, time.Time{})
	if err != nil || got.ETag == "" {
		t.Fatalf("Render = %+v, %v; want a view with an ETag", got, err)
	}
	got.ETag, got.Date = "", time.Time{}
	want := composer.Rendered{
		Body:        []byte(`<p id="c" data-revision="3" data-epoch="e">session=1 de text/html</p>`),
		ContentType: "text/html",
		Groups:      []string{"cart:1", "product:2", "selvedge:source:cart"},
		Revision:    3,
		Epoch:       "e",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Render (-want +got):\n%s", diff)
	}
}

func TestRenderGivesAViewTheRevisionOfItsHeader(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"cart": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Selvedge-Revision", r.URL.Query().Get("revision"))
			w.Header().Set("Selvedge-Epoch", r.URL.Query().Get("epoch"))
			w.Header().Set("Content-Type", r.Header.Get("Accept"))
			_, _ = io.WriteString(w, `{"note":"<p id=c data-revision=3>"}`)
		},
	}, nil)
	seen := make(map[string]bool)
	for query, want := range map[string]int64{"?revision=9": 9, "": 3, "?revision=x": 3} {
		view := composer.View{Reference: "/fragments/cart/api/cart" + query, Variant: "Accept: application/json\n"}
		got, err := c.Render(t.Context(), view, time.Time{})
		if err != nil || got.Revision != want || got.ContentType != "application/json" {
			t.Errorf("Render(%q) has revision %d, type %q, %v; want %d, application/json", query, got.Revision, got.ContentType, err, want)
		}
	}
	long := strings.Repeat("e", 65)
	for _, epoch := range []string{"", "e", long, long + "e"} {
		view := composer.View{Reference: "/fragments/cart/api/cart?epoch=" + epoch, Variant: "Accept: application/json\n"}
		got, err := c.Render(t.Context(), view, time.Time{})
		if err != nil || (len(epoch) <= 64) != (got.Epoch == epoch) || len(got.Epoch) > 64 {
			t.Errorf("Render has the epoch %q, %v; want %q, or its hash if it is longer than 64 bytes", got.Epoch, err, epoch)
		}
		seen[got.Epoch] = true
	}
	if len(seen) != 4 {
		t.Errorf("four epochs become %d; want them to differ", len(seen))
	}
}

// TestAnOuterFragmentIsComparedByItsOwnETag changes what a fragment includes.
func TestAnOuterFragmentIsComparedByItsOwnETag(t *testing.T) {
	inner := "1"
	c := newComposer(t, composer.Options{}, fragments{
		"outer": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"outer"`)
			template(`<div id="o"><esi:include src="/fragments/inner/a"/></div>`)(w, r)
		},
		"inner": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, inner) },
	}, nil)
	render := func(name string) composer.Rendered {
		t.Helper()
		got, err := c.Render(t.Context(), composer.View{Reference: "/fragments/" + name + "/a"}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	outer, in := render("outer"), render("inner")
	inner = "2"
	if again := render("outer"); again.ETag != outer.ETag || string(again.Body) != `<div id="o">2</div>` {
		t.Errorf("outer is %q with ETag %s; want the new content and the ETag %s", again.Body, again.ETag, outer.ETag)
	}
	if again := render("inner"); again.ETag == in.ETag {
		t.Error("inner has the same ETag for other bytes")
	}
}

func TestRenderSaysWhetherAFragmentIsGone(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"gone": status(http.StatusNotFound, "gone"),
		"down": status(http.StatusServiceUnavailable, "down"),
	}, nil)
	var refused *composer.RefusedError
	if _, err := c.Render(t.Context(), composer.View{Reference: "/fragments/gone/a"}, time.Time{}); !errors.As(err, &refused) {
		t.Errorf("a 404 is %v; want a *RefusedError", err)
	}
	var failed *composer.FetchError
	if _, err := c.Render(t.Context(), composer.View{Reference: "/fragments/down/a"}, time.Time{}); !errors.As(err, &failed) {
		t.Errorf("a 503 is %v; want a *FetchError", err)
	}
	var reference *composer.ReferenceError
	if _, err := c.Render(t.Context(), composer.View{Reference: "/elsewhere"}, time.Time{}); !errors.As(err, &reference) {
		t.Errorf("no reference is %v; want a *ReferenceError", err)
	}
}

func TestInvalidatedHearsOfWritesBeforeTheirAnswerLeaves(t *testing.T) {
	answerWith := func(status int, field string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Group-Invalidation", field)
			w.WriteHeader(status)
		}
	}
	tests := []struct {
		name, method, field string
		status              int
		want                []string
	}{
		{"a write that was done", "POST", `"a", "b"`, 201, []string{"a", "b"}},
		{"a write that is redirected", "POST", `"a"`, 303, []string{"a"}},
		{"a write that was refused", "POST", `"a"`, 409, nil},
		{"a write that failed", "DELETE", `"a"`, 500, nil},
		{"a read", "GET", `"a"`, 200, nil},
		{"a field that does not parse", "POST", `a, "b`, 200, nil},
		{"a member that is no string", "POST", `"a", 7, ("b")`, 200, []string{"a"}},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(test.name+" "+kind.name, func(t *testing.T) {
				var got []string
				w := newRecording()
				invalidated := func(groups []string) {
					got = groups
					if w.status != 0 {
						t.Error("the answer has left already")
					}
				}
				c := newComposer(t, composer.Options{Invalidated: invalidated}, nil,
					map[string]composer.Source{"api": kind.source(t, answerWith(test.status, test.field))})
				c.Forward("api").ServeHTTP(w, request(t, test.method, "/api/x"))
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("groups (-want +got):\n%s", diff)
				}
			})
		}
	}
}
