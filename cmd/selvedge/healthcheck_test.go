package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// askHealth runs the command healthcheck, and returns its exit code and what it says.
func askHealth(ctx context.Context, args ...string) (code int, said string) {
	var out strings.Builder
	code = run(ctx, append([]string{"selvedge", "healthcheck"}, args...), strings.NewReader(""), &out, &out)
	return code, strings.TrimSpace(out.String())
}

func TestAHealthCheckSaysWhetherTheServerIsReady(t *testing.T) {
	site := writeSite(t, "hosts: [shop.example]\n")
	plain := startHere(t, "selvedge", "serve", "--config", site, "--listen", "127.0.0.1:0")
	secure := startHere(t, append([]string{"selvedge", "serve", "--config", site, "--listen", "127.0.0.1:0"}, newPair(t).flags()...)...)
	socket := "unix:" + socketPath(t)
	startHere(t, "selvedge", "serve", "--config", site, "--listen", socket)
	stopping := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprintln(w, "stopping")
	}))
	t.Cleanup(stopping.Close)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(silent.Close)
	_, port, _ := strings.Cut(hostOf(plain), ":")

	tests := []struct {
		name string
		args []string
		code int
		said string
	}{
		{"a URL", []string{plain.url}, 0, plain.url + "/-/readyz: ready"},
		{"a URL with a path", []string{plain.url + "/-/healthz"}, 0, plain.url + "/-/healthz: ready"},
		{"an address", []string{"--listen", hostOf(plain)}, 0, plain.url + "/-/readyz: ready"},
		{"an address of all interfaces", []string{"--listen", ":" + port}, 0, "http://localhost:" + port + "/-/readyz: ready"},
		{"the address of a file", []string{"--config", writeSite(t, "listen: "+hostOf(plain)+"\n")}, 0, plain.url + "/-/readyz: ready"},
		{"an address beside a broken file", []string{"--listen", hostOf(plain), "--config", writeSite(t, "zebra: 1")}, 0, "ready"},
		{"an address with TLS", []string{"--listen", hostOf(secure)}, 0, "ready"},
		{"a Unix socket", []string{"--listen", socket}, 0, socket + ": ready"},
		{"a Unix socket as a URL", []string{socket}, 0, socket + ": ready"},

		{"a stopping server", []string{stopping.URL}, exitFailed, `answers 503 Service Unavailable, and not 200 OK: "stopping"`},
		{"no server", []string{"--listen", "unix:" + socketPath(t)}, exitFailed, "does not answer: dial unix"},
		{"a silent server", []string{"--timeout", "1ms", silent.URL}, exitFailed, "does not answer: context deadline exceeded"},
		{"a certificate that nobody knows, at a URL", []string{secure.url}, exitFailed, "certificate"},
		{"an unknown port", []string{"--listen", "127.0.0.1:0"}, exitUsage, "port 0 does not tell the port of the server: name its URL"},
		{"no address", []string{"--listen", "8080"}, exitUsage, `"8080" is no address to listen on`},
		{"no URL", []string{"ftp://localhost"}, exitUsage, `"ftp://localhost" is no URL of a server`},
		{"a broken file", []string{"--config", writeSite(t, "zebra: 1")}, exitUsage, `unknown key "zebra"`},
		{"a word too many", []string{plain.url, "x"}, exitUsage, `"x" is one word too many`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
			defer stop()
			code, said := askHealth(ctx, test.args...)
			if code != test.code || !strings.Contains(said, test.said) {
				t.Errorf("healthcheck %q = %d, %q; want %d, %q", test.args, code, said, test.code, test.said)
			}
		})
	}
}
