package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer/server"
)

// startProxy runs selvedge proxy in this process before an origin.
func startProxy(t *testing.T, origin http.HandlerFunc, args ...string) *testShop {
	t.Helper()
	server := httptest.NewServer(origin)
	t.Cleanup(server.Close)
	return startHere(t, append([]string{"selvedge", "proxy", server.URL, "--listen", "127.0.0.1:0", "--log", "text"}, args...)...)
}

func TestAProxyHasNoAddressesOfItsOwnButThoseUnderMinus(t *testing.T) {
	s := startProxy(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=60")
		w.Header().Set("Cache-Groups", `"g"`)
		_, _ = io.WriteString(w, r.URL.Path)
	}, "--admin-token", adminToken)
	for _, path := range []string{"/", "/healthz", "/static/x.css", "/fragments/cart/mini", "/live", "/-"} {
		if a := s.page(path); a.StatusCode != http.StatusOK || a.body != path {
			t.Errorf("%s is answered with %d %q; want the origin's answer", path, a.StatusCode, a.body)
		}
	}
	if a := s.page("/-/healthz"); a.StatusCode != http.StatusOK || a.body != "ok\n" {
		t.Errorf("/-/healthz is answered with %d %q; want ok", a.StatusCode, a.body)
	}
	if a := s.page("/-/nothing"); a.StatusCode != http.StatusNotFound {
		t.Errorf("/-/nothing is answered with %d; want 404", a.StatusCode)
	}
	dropped := s.do(http.MethodPost, "/-/invalidate", "", "Authorization", "Bearer "+adminToken, "Cache-Group-Invalidation", `"g"`)
	if !strings.Contains(dropped.body, `"dropped":6`) {
		t.Errorf("invalidating is answered with %d %s; want 6 dropped", dropped.StatusCode, dropped.body)
	}
}

// TestAnEncodedSlashReachesTheOrigin holds for an address with a byte that has
// to be escaped, whether or not the answer may be stored.
func TestAnEncodedSlashReachesTheOrigin(t *testing.T) {
	s := startProxy(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=60")
		_, _ = io.WriteString(w, r.RequestURI)
	})
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
		for target, want := range map[string]string{"/a%2Fb": "/a%2Fb", "/a%2Fb|c": "/a%2Fb%7Cc", `/%5C"?q=%2f|`: "/%5C%22?q=%2f|"} {
			got := s.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			if got.StatusCode != http.StatusOK || got.body != want {
				t.Errorf("%s %s is answered with %d, and the origin is asked for %q; want %q", method, target, got.StatusCode, got.body, want)
			}
		}
	}
}

func TestAProxyThatStoresNothing(t *testing.T) {
	s := startProxy(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "max-age=60") }, "--cache-size", "0")
	for range 2 {
		if got := s.page("/").Header.Get("Cache-Status"); got != "selvedge; fwd=bypass; fwd-status=200" {
			t.Errorf("Cache-Status = %q; want a bypass", got)
		}
	}
}

func TestMistakesInTheCommandLineOfAProxy(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no origin", nil, "selvedge: an origin is missing, as in selvedge proxy http://127.0.0.1:9000\n"},
		{"no scheme", []string{"127.0.0.1:9000"}, `selvedge: "127.0.0.1:9000" is no origin: it has to be http or https with a host, as in http://127.0.0.1:9000` + "\n"},
		{"another scheme", []string{"ftp://x"}, `selvedge: "ftp://x" is no origin: it has to be http or https with a host, as in http://127.0.0.1:9000` + "\n"},
		{"no host", []string{"http://"}, `selvedge: "http://" is no origin: it has to be http or https with a host, as in http://127.0.0.1:9000` + "\n"},
		{"a path", []string{"http://x/y"}, `selvedge: "http://x/y" is more than an origin: leave out what follows the host` + "\n"},
		{"a query", []string{"http://x?y"}, `selvedge: "http://x?y" is more than an origin: leave out what follows the host` + "\n"},
		{"a password, which is not repeated", []string{"http://u:secret@x"}, "selvedge: an origin has no user or password in its address\n"},
		{"two origins", []string{"http://x", "http://y"}, `selvedge: "http://y" is one word too many; selvedge proxy --help lists what there is` + "\n"},
		{"a surrogate that is trusted", []string{"http://x", "--surrogate", "10.1.0.0/16", "--trusted-proxy", "10.0.0.0/8"},
			"selvedge: --surrogate has addresses of the trusted proxy 10.0.0.0/8, and one address cannot be both\n"},
		{"a negative size", []string{"http://x", "--cache-size", "-1"}, "selvedge: --cache-size is a number of MiB from 0 to 1048576, and not -1\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stderr strings.Builder
			args := append([]string{"selvedge", "proxy"}, test.args...)
			if code := run(t.Context(), args, strings.NewReader(""), io.Discard, &stderr); code != exitUsage || stderr.String() != test.want {
				t.Errorf("run(%q) = %d, %q; want %d, %q", args, code, stderr.String(), exitUsage, test.want)
			}
		})
	}
}

// deadlines remembers what it is told.
type deadlines struct {
	http.ResponseWriter
	read, write []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.read = append(d.read, t)
	return nil
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	d.write = append(d.write, t)
	return nil
}

// TestAPatientServerWaitsForEachByteAnew holds that the time for a request is
// that for its next byte, and that no time runs once all of it is there.
func TestAPatientServerWaitsForEachByteAnew(t *testing.T) {
	for _, body := range []string{"", "some"} {
		synctest.Test(t, func(t *testing.T) {
			w := &deadlines{ResponseWriter: httptest.NewRecorder()}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
			if body == "" {
				r.Body = http.NoBody
			}
			server.ExtendDeadlines(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.ReadAll(r.Body)
				for range 4 {
					time.Sleep(server.IdleTimeout / 2)
					_, _ = w.Write([]byte("a"))
				}
			})).ServeHTTP(w, r)
			if (body != "") != (len(w.read) > 1) || body != "" && !w.read[len(w.read)-1].IsZero() {
				t.Errorf("body %q: deadlines for reading %v; want some for a body, and none in the end", body, w.read)
			}
			if len(w.write) != 4 || time.Until(w.write[3]) != server.IdleTimeout {
				t.Errorf("body %q: deadlines for writing %v; want one for each write, of a minute", body, w.write)
			}
		})
	}
}
