package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// start serves the fragment without a site until the test ends.
func start(t *testing.T) (address string) {
	t.Helper()
	f, err := newFragment()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return server.URL
}

func get(t *testing.T, address string, header http.Header) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	return send(t, r)
}

// post sends a form from the page /blog, and follows no redirect.
func post(t *testing.T, address, note string) (*http.Response, string) {
	t.Helper()
	form := strings.NewReader(url.Values{"note": {note}}.Encode())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, form)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"text/html"}, "Referer": {"http://localhost/blog"}}
	return send(t, r)
}

func send(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// part returns what a pattern has in its parentheses.
func part(t *testing.T, pattern, text string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("there is no %s in %s", pattern, text)
	}
	return found[1]
}

func TestANoteIsAddedByTheForm(t *testing.T) {
	site := start(t)
	before, body := get(t, site+"/list", nil)
	action := part(t, `action="([^"]+)"`, body)
	res, _ := post(t, site+action, "Tea & <b>cake</b>")
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/blog" {
		t.Errorf("the form is answered %s, Location %q; want 303 and its page", res.Status, res.Header.Get("Location"))
	}
	after, body := get(t, site+"/list", nil)
	if want := "<li>Tea &amp; &lt;b&gt;cake&lt;/b&gt;</li>"; !strings.Contains(body, want) {
		t.Errorf("the list is %s; want %s", body, want)
	}
	if changed, data := res.Header.Get("Cache-Group-Invalidation"), after.Header.Get("Cache-Groups"); changed == "" || changed != data {
		t.Errorf("the form changes the groups %s, and the list is made from %s; want the same", changed, data)
	}
	if before.Header.Get("ETag") == after.Header.Get("ETag") {
		t.Error("both lists have one ETag")
	}
}

func TestTheListIsSharedAndValidated(t *testing.T) {
	site := start(t)
	first, _ := get(t, site+"/list", nil)
	if control := first.Header.Get("Cache-Control"); !strings.Contains(control, "s-maxage") {
		t.Errorf("Cache-Control is %q; want a lifetime for the site", control)
	}
	second, _ := get(t, site+"/list", http.Header{"If-None-Match": {first.Header.Get("ETag")}})
	if second.StatusCode != http.StatusNotModified {
		t.Errorf("a request with the ETag is answered %s; want 304", second.Status)
	}
}

func TestTheStylesheetIsServed(t *testing.T) {
	site := start(t)
	list, _ := get(t, site+"/list", nil)
	style, body := get(t, site+part(t, `<(.+)>; rel=preload; as=style`, list.Header.Get("Link")), nil)
	if style.StatusCode != http.StatusOK || !strings.Contains(body, "#fragment-"+name) {
		t.Errorf("the stylesheet is %s %s", style.Status, body)
	}
}

func TestAnEmptyNoteIsRefused(t *testing.T) {
	for _, note := range []string{" ", strings.Repeat("a", maxNote+1)} {
		res, body := post(t, start(t)+"/add", note)
		if res.StatusCode != http.StatusBadRequest || res.Header.Get("Selvedge-Error") != "show" || !strings.Contains(body, "1 to 200 characters") {
			t.Errorf("%.10q is answered %s %s; want 400 and the reason", note, res.Status, body)
		}
	}
}
