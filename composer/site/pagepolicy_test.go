package site

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"selvedge/composer"
	"selvedge/composer/manifest"
	"selvedge/composer/site/config"
	"selvedge/fragments"
)

// policyFile is a site that allows a fragment some hosts.
const policyFile = `fragments: {gallery: {url: "http://127.0.0.1:1", policy: {img-src: ["https://*.cdn.example"], script-src: ["https://js.example"]}}, other: "http://127.0.0.1:1"}
pages: {/: gallery/x}
policy: {content-security-policy: "default-src 'none'; script-src 'self'; img-src 'self'"}
`

func parsePolicy(t *testing.T, file string) *config.Config {
	t.Helper()
	c, err := config.Parse(filepath.Join(t.TempDir(), "site.yaml"), []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The manifests of a process, over HTTP, change the policy as far as the file allows it.
func TestAManifestAddsHostsToThePolicy(t *testing.T) {
	manifest := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch manifest {
		case "":
			http.NotFound(w, nil)
		case "trouble":
			w.WriteHeader(http.StatusInternalServerError)
		default:
			_, _ = io.WriteString(w, manifest)
		}
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	const plain = "default-src 'none'; script-src 'self'; img-src 'self'"
	const pictures = plain + " https://a.cdn.example"
	member := func(text string) string { return `{"name":"gallery","policy":` + text + `}` }
	steps := []struct{ name, manifest, want, logged string }{
		{"no manifest", "", plain, ""},
		{"no policy", `{"name":"gallery"}`, plain, ""},
		{"an allowed host", member(`{"img-src":["https://a.cdn.example"]}`), pictures, ""},
		{"trouble, in which the policy stays", "trouble", pictures, ""},
		{"another host too", member(`{"img-src":["https://a.cdn.example","https://evil.example"]}`), pictures, "host=https://evil.example"},
		{"the same again, which is logged once", member(`{"img-src":["https://a.cdn.example","https://evil.example"]}`), pictures, ""},
		{"a directive that the file does not name", member(`{"font-src":["https://a.cdn.example"]}`), plain, "directive=font-src"},
		{"an allowed script", member(`{"script-src":["https://js.example"]}`), "default-src 'none'; script-src 'self' https://js.example; img-src 'self'", ""},
		{"a script of an allowed picture's host", member(`{"script-src":["https://a.cdn.example"]}`), plain, "directive=script-src"},
		{"a keyword", member(`{"script-src":["'unsafe-inline'"]}`), plain, "unsafe-inline"},
		{"another directive in a host", member(`{"img-src":["https://a.cdn.example; script-src *"]}`), plain, "script-src *"},
		{"another fragment", `{"name":"other","policy":{"img-src":["https://a.cdn.example"]}}`, plain, ""},
		{"no manifest any more", "", plain, ""},
	}
	var log strings.Builder
	policy := newPagePolicy(slog.New(slog.NewTextHandler(&log, nil)))
	policy.setConfig(parsePolicy(t, policyFile), nil)
	f := &manifestFollower{registry: composer.NewRegistry(), name: "gallery", source: composer.Source{URL: u}, logger: slog.New(slog.DiscardHandler), read: policy.setManifest}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			log.Reset()
			manifest = step.manifest
			f.ask(t.Context())
			if got := policy.load().ContentSecurityPolicy; got != step.want {
				t.Errorf("the policy is %q; want %q", got, step.want)
			}
			if lines := strings.Count(log.String(), "\n"); lines != min(len(step.logged), 1) || !strings.Contains(log.String(), step.logged) {
				t.Errorf("the log has %q; want %q", log.String(), step.logged)
			}
		})
	}
}

func TestAReloadChangesTheAllowedHosts(t *testing.T) {
	policy := newPagePolicy(slog.New(slog.DiscardHandler))
	policy.setConfig(parsePolicy(t, policyFile), nil)
	policy.setManifest("gallery", manifest.Manifest{Policy: map[string][]string{"img-src": {"https://a.cdn.example"}}})
	steps := []struct{ name, file, want string }{
		{"the same file", policyFile, "default-src 'none'; script-src 'self'; img-src 'self' https://a.cdn.example"},
		{"no host is allowed", strings.Replace(policyFile, "*.cdn", "*.other", 1), "default-src 'none'; script-src 'self'; img-src 'self'"},
		{"no policy", strings.Replace(policyFile, `"default-src 'none'; script-src 'self'; img-src 'self'"`, `"off"`, 1), "off"},
		{"no fragment", "fragments: {other: http://127.0.0.1:1}\npages: {/: other/x}\npolicy: {content-security-policy: \"img-src 'self'\"}\n", "img-src 'self'"},
	}
	for _, step := range steps {
		policy.setConfig(parsePolicy(t, step.file), nil)
		if got := policy.load().ContentSecurityPolicy; got != step.want {
			t.Errorf("%s: the policy is %q; want %q", step.name, got, step.want)
		}
	}
}

// The responses of a site have the hosts of a process, and of a fragment of the program.
func TestPagesHaveThePolicyOfTheirFragments(t *testing.T) {
	process := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"name":"gallery","version":"2.0.0","policy":{"img-src":["https://a.cdn.example"]}}`)
	}))
	t.Cleanup(process.Close)
	own, err := fragments.New(fragments.Manifest{
		Name: "other", Version: "1.0.0", Title: "Other", Policy: map[string][]string{"font-src": {"https://fonts.example"}},
		Routes: []fragments.Route{{Pattern: "GET /x", Title: "x", Handle: func(http.ResponseWriter, *http.Request) error { return nil }}},
	})
	if err != nil {
		t.Fatal(err)
	}
	file := strings.Replace(policyFile, "http://127.0.0.1:1", process.URL, 1)
	file = strings.Replace(file, `other: "http://127.0.0.1:1"`, `other: {policy: {font-src: ["https://fonts.example"]}}`, 1)
	s, err := New(parsePolicy(t, file), Options{Logger: slog.New(slog.DiscardHandler), Fragments: map[string]http.Handler{"other": own}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	const want = "default-src 'none'; script-src 'self'; img-src 'self' https://a.cdn.example; font-src https://fonts.example"
	for isListed := false; ; { // the version is listed after the manifest was read
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/fragments/", nil))
		got := w.Header().Get("Content-Security-Policy")
		if got == want {
			return
		}
		if isListed {
			t.Fatalf("the policy is %q; want %q", got, want)
		}
		isListed = strings.Contains(w.Body.String(), "2.0.0")
	}
}
