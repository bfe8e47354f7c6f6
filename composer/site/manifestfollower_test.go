package site

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"selvedge/composer"
	"selvedge/composer/manifest"
)

// A source is asked again and again: its versions are registered, and a failure is logged
// once.
func TestAManifestIsFollowed(t *testing.T) {
	answer := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch answer {
		case "":
			http.NotFound(w, nil)
		case "trouble":
			w.WriteHeader(http.StatusInternalServerError)
		default:
			_, _ = io.WriteString(w, answer)
		}
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	registry := composer.NewRegistry()
	f := &manifestFollower{registry: registry, name: "cart", source: composer.Source{URL: u}, logger: slog.New(slog.NewTextHandler(&log, nil)), read: func(string, manifest.Manifest) {}}
	steps := []struct {
		name, answer string
		logged       string // a part of the only new line; empty: none
		versions     string
	}{
		{"no manifest", "", "works without", ""},
		{"still none", "", "", ""},
		{"a version", `{"name":"cart","version":"1.0.0"}`, "version=1.0.0", "1.0.0"},
		{"the same", `{"name":"cart","version":"1.0.0"}`, "", "1.0.0"},
		{"trouble", "trouble", "does not answer", "1.0.0"},
		{"still", "trouble", "", "1.0.0"},
		{"the same version again", `{"name":"cart","version":"1.0.0"}`, "", "1.0.0"},
		{"trouble again", "trouble", "does not answer", "1.0.0"},
		{"a new version", `{"name":"cart","version":"1.1.0"}`, "version=1.1.0", "1.1.0"},
		{"another fragment", `{"name":"shell","version":"1.0.0"}`, "it serves the fragment", "1.1.0"},
		{"no version", `{"name":"cart","version":"one"}`, "unusable", "1.1.0"},
	}
	for _, step := range steps {
		log.Reset()
		answer = step.answer
		f.ask(t.Context())
		lines := strings.Count(log.String(), "\n")
		if want := min(len(step.logged), 1); lines != want || !strings.Contains(log.String(), step.logged) {
			t.Errorf("%s: the log has %q; want %q", step.name, log.String(), step.logged)
		}
		var versions string
		for _, entry := range registry.List() {
			versions = strings.Join(entry.Versions, " ")
		}
		if versions != step.versions {
			t.Errorf("%s: the versions are %q; want %q", step.name, versions, step.versions)
		}
	}
}
