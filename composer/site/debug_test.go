package site_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer/site"
)

// A page with a fragment that fails.
func failingSite() site.Options {
	return site.Options{Fragments: map[string]http.Handler{
		"shell": template(`<body><esi:include src="/fragments/part/x" onerror="continue"/></body>`),
		"part":  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }),
	}}
}

const failingFile = "fragments: {shell: , part: }\npages: {/: shell/x}\nadmin-token: the-token-of-the-operator\n"

func TestWhoSeesTheIncludesOfAPage(t *testing.T) {
	const token = "Bearer the-token-of-the-operator"
	tests := []struct {
		name, file, path, authorization string
		hasPanel, hasFailure            bool
	}{
		{"a visitor", failingFile, "/?selvedge=debug", "", false, false},
		{"the operator", failingFile, "/?selvedge=debug", token, true, false},
		{"the operator, who does not ask", failingFile, "/", token, false, false},
		{"a wrong token", failingFile, "/?selvedge=debug", token + "x", false, false},
		{"everybody in dev", failingFile + "dev: true\n", "/?selvedge=debug", "", true, true},
		{"a page in dev", failingFile + "dev: true\n", "/", "", false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, v := start(t, test.file, failingSite())
			res, page := v.send(http.MethodGet, test.path, "Authorization", test.authorization)
			hasPanel, hasFailure := strings.Contains(page, "<selvedge-debug>"), strings.Contains(page, "<selvedge-failure>")
			if res.StatusCode != http.StatusOK || hasPanel != test.hasPanel || hasFailure != test.hasFailure {
				t.Errorf("the page is %s %s; want a panel: %t, a failure: %t", res.Status, page, test.hasPanel, test.hasFailure)
			}
			if hasPanel && res.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("the page with the panel says Cache-Control: %s", res.Header.Get("Cache-Control"))
			}
		})
	}
}

// The policy of a site allows the files of the panel, which are the site's own.
func TestTheFilesOfTheDebugPanelAreServed(t *testing.T) {
	_, v := start(t, failingFile, failingSite())
	for path, want := range map[string]string{"/-/debug.css": "text/css; charset=utf-8", "/-/debug.js": "text/javascript; charset=utf-8"} {
		if res, body := v.send(http.MethodGet, path); res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != want || body == "" {
			t.Errorf("GET %s = %s %v", path, res.Status, res.Header)
		}
	}
}

// The token of the operator is for this site alone.
func TestTheOriginDoesNotReceiveTheToken(t *testing.T) {
	received := make(chan *http.Request, 10)
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received <- r
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = io.WriteString(w, "<body></body>")
	}))
	t.Cleanup(origin.Close)
	_, v := start(t, "origin: "+origin.URL+"\nadmin-token: the-token-of-the-operator\n", site.Options{})
	_, page := v.send(http.MethodGet, "/x?a=1&selvedge=debug", "Authorization", "Bearer the-token-of-the-operator")
	r := <-received
	if r.Header.Get("Authorization") != "" || r.RequestURI != "/x?a=1" || !strings.Contains(page, "<selvedge-debug>") {
		t.Errorf("the origin received %s with %q; the page is %s", r.RequestURI, r.Header.Get("Authorization"), page)
	}
}

// After a reload the token is the one of the new file.
func TestAReloadChangesWhoMayDebug(t *testing.T) {
	s, v := start(t, failingFile, failingSite())
	if err := s.Reload(parse(t, strings.ReplaceAll(failingFile, "the-token-of-the-operator", "another-token-of-the-operator"))); err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]bool{"the-token-of-the-operator": false, "another-token-of-the-operator": true} {
		if _, page := v.send(http.MethodGet, "/?selvedge=debug", "Authorization", "Bearer "+token); strings.Contains(page, "<selvedge-debug>") != want {
			t.Errorf("with %s the page is %s", token, page)
		}
	}
}

// In dev, the responses that a page is made of are inspected, and the page has the warnings.
func TestDevInspectsResponses(t *testing.T) {
	o := failingSite()
	o.Inspect = func(_ string, _ http.Header, body []byte) []string {
		if !strings.Contains(string(body), "<title>") {
			return []string{"1:1: there is no title"}
		}
		return nil
	}
	for file, want := range map[string]string{failingFile + "dev: true\n": "/fragments/shell/x: 1:1: there is no title", failingFile: ""} {
		_, v := start(t, file, o)
		v.send(http.MethodGet, "/") // a template that is stored is inspected too
		res, _ := v.send(http.MethodGet, "/")
		if got := res.Header.Get("Selvedge-Warning"); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("Selvedge-Warning is %q; want %q", got, want)
		}
	}
}
