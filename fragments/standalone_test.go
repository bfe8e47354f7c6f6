package fragments_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"selvedge/fragments"
)

// standalonePage returns the page around a fragment at a path.
func standalonePage(t *testing.T, m fragments.Manifest, path string) *goquery.Document {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.URL = &url.URL{Path: path}
	w := serve(fragments.Standalone(mustNew(t, m), fragments.StandaloneOptions{}), r)
	if w.Code != 200 || w.Header().Get("Surrogate-Control") == "" {
		t.Fatalf("page at %q = %d, %v; want a template", path, w.Code, w.Header())
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestStandaloneIncludesTheFragmentAtThePathOfThePage(t *testing.T) {
	rooted := clock()
	rooted.Routes = append(rooted.Routes, fragments.Route{Pattern: "GET /{$}", Handle: sayHello})
	tests := []struct {
		name string
		m    fragments.Manifest
		path string
		want string
	}{
		{"a path", clock(), "/now", "/fragments/clock/now?$(QUERY_STRING)"},
		{"a path that it does not have", clock(), "/x/y", "/fragments/clock/x/y?$(QUERY_STRING)"},
		{"the root, which it does not have", clock(), "/", ""},
		{"the root, which it has", rooted, "/", "/fragments/clock/?$(QUERY_STRING)"},
		{"an answer that is there", clock(), fragments.FramePath, "/-/answer"},
		{"a path that would end the attribute", clock(), `/"><p>`, "/fragments/clock/%22%3E%3Cp%3E?$(QUERY_STRING)"},
		{"a path with an ESI variable", clock(), "/$(HTTP_COOKIE)", "/fragments/clock/$%28HTTP_COOKIE%29?$(QUERY_STRING)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			main := standalonePage(t, test.m, test.path).Find("main")
			src, _ := main.Find(`esi\:include`).Attr("src")
			if src != test.want {
				t.Errorf("src at %q = %q; want %q", test.path, src, test.want)
			}
			if n := main.Find("h1").Length(); n != 1 {
				t.Errorf("there are %d h1 in the main part; want 1", n)
			}
		})
	}
}

func TestStandaloneListsThePathsThatALinkCanShow(t *testing.T) {
	m := clock()
	m.Routes[1].Sample = "/api/alarms" // POST: not for a link
	doc := standalonePage(t, m, "/")
	var links []string
	doc.Find("nav a").Each(func(_ int, a *goquery.Selection) {
		href, _ := a.Attr("href")
		links = append(links, a.Text()+" "+href)
	})
	if diff := cmp.Diff([]string{"Time of day /now"}, links); diff != "" {
		t.Errorf("index (-want +got):\n%s", diff)
	}
	if title := doc.Find("title").Text(); !strings.Contains(title, "clock 1.2.3") {
		t.Errorf("title = %q; want the name and version", title)
	}
}

func TestIndexSaysWhatThereIs(t *testing.T) {
	w := serve(fragments.Index(mustNew(t, clock())), httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"name": "clock", "version": "1.2.3", "title": "The time",
		"paths": []any{
			map[string]any{"pattern": "GET /now", "title": "Time of day", "sample": "/now"},
			map[string]any{"pattern": "POST /api/alarms", "title": "Set an alarm"},
			map[string]any{"pattern": "DELETE /api/alarms/{id}", "title": "Remove an alarm"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("index (-want +got):\n%s", diff)
	}
}
