package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// Fragments in any language are shown alone: by the path of their URL, or by the samples of
// their manifest. Their pages are live.
func TestFragmentsAloneInDevelopment(t *testing.T) {
	s := &story{t: t, folder: t.TempDir()}
	s.write("notes.py", contractBlock(t, "python"))
	s.write("notes.js", contractBlock(t, "js"))
	clock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/-/manifest" {
			_, _ = fmt.Fprint(w, `{"name":"clock","version":"1.2.0","title":"A clock","paths":[{"pattern":"GET /now","title":"The time","sample":"/now?zone=UTC"}]}`)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<p id="clock">Noon in %s</p>`, r.FormValue("zone"))
	}))
	t.Cleanup(clock.Close)
	python := contractPrograms["python"](t, filepath.Join(s.folder, "notes.py"))
	express := contractPrograms["js"](t, filepath.Join(s.folder, "notes.js"))
	site := startDev(t, python+"/notes", express+"/notes", clock.URL)

	index := site.page("/").document(t)
	if links := index.Find("main a").Length(); links != 3 {
		t.Fatalf("the index has %d links; want one for each fragment", links)
	}
	nameOfURL := func(url string) string {
		return strings.NewReplacer(".", "-", ":", "-").Replace(strings.TrimPrefix(url, "http://"))
	}
	for path, want := range map[string]string{
		"/" + nameOfURL(python) + "/notes":  "Add",
		"/" + nameOfURL(express) + "/notes": "Add",
		"/clock/now?zone=UTC":               "Noon in UTC",
	} {
		if index.Find(`a[href="`+path+`"]`).Length() != 1 {
			t.Errorf("the index has no link to %s", path)
		}
		page := site.page(path).document(t)
		if text := page.Find("main").Text(); !strings.Contains(text, want) || page.Find("#live").Length() != 1 {
			t.Errorf("%s has %q; want %q in a live page", path, text, want)
		}
	}
	if a := site.page("/nobody/x"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the page of an unknown fragment is %s", a.Status)
	}
}

func TestMistakesInTheCommandLineOfDev(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Chdir(t.TempDir())
	for _, test := range []struct{ args, want string }{
		{"", "there is no site.yaml here"},
		{"127.0.0.1:7001", `"127.0.0.1:7001" is no address of a fragment`},
		{"--config site.yaml http://127.0.0.1:7001", "and not both"},
		{"--origin http://127.0.0.1:9000 http://127.0.0.1:7001", "--origin is for a site"},
	} {
		var stdout, stderr strings.Builder
		code := run(t.Context(), append([]string{"selvedge", "dev"}, strings.Fields(test.args)...), strings.NewReader(""), &stdout, &stderr)
		if code != exitUsage || !strings.Contains(stderr.String(), test.want) {
			t.Errorf("selvedge dev %s = %d %s; want %q", test.args, code, stderr.String(), test.want)
		}
	}
}
