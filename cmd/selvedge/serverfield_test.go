package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// writeSite writes a configuration file with one page, and returns its path.
func writeSite(t *testing.T, settings string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{"index.html": "<p>Welcome</p>", "site.yaml": "pages: {/: index.html}\n" + settings} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, "site.yaml")
}

func TestOnlyADevelopmentServerNamesItsVersion(t *testing.T) {
	site := writeSite(t, "")
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"a server", nil, ""},
		{"a server in development", []string{"--dev"}, "selvedge (devel)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := startHere(t, append([]string{"selvedge", "serve", "--config", site, "--listen", "127.0.0.1:0"}, test.args...)...)
			if got := s.page("/"); got.StatusCode != http.StatusOK || got.Header.Get("Server") != test.want {
				t.Errorf("GET / = %s with Server %q; want 200 OK with %q", got.Status, got.Header.Get("Server"), test.want)
			}
		})
	}
}
