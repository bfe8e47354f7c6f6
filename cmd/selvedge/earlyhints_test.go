package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"
)

// TestEarlyHintsAreSentAsTheOperatorChooses asks a proxy by HTTP/1.1, as a
// browser does and as proxies do.
func TestEarlyHintsAreSentAsTheOperatorChooses(t *testing.T) {
	tests := []struct {
		name   string
		args   []string
		header []string
		want   bool
	}{
		{"by default", nil, nil, false},
		{"auto", []string{"--early-hints", "auto"}, nil, false},
		{"never", []string{"--early-hints", "never"}, nil, false},
		{"always", []string{"--early-hints", "always"}, nil, true},
		{"always, with Via", []string{"--early-hints", "always"}, []string{"Via", "1.1 varnish"}, false},
		{"always, with Forwarded", []string{"--early-hints", "always"}, []string{"Forwarded", "for=192.0.2.7"}, false},
		{"always, with X-Forwarded-For", []string{"--early-hints", "always"}, []string{"X-Forwarded-For", "192.0.2.7"}, false},
		{"always, with X-Forwarded-Proto", []string{"--early-hints", "always"}, []string{"X-Forwarded-Proto", "https"}, false},
		{"always, from a trusted address", []string{"--early-hints", "always", "--trusted-proxy", "127.0.0.0/8"}, nil, false},
		{"always, with another address trusted", []string{"--early-hints", "always", "--trusted-proxy", "10.0.0.0/8"}, nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := startProxy(t, hintingOrigin, test.args...)
			for _, path := range []string{"/own", "/page"} {
				s.page(path) // a page that is known needs no hint the first time
				var informed atomic.Int32
				trace := &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error { informed.Add(1); return nil }}
				r, err := http.NewRequestWithContext(httptrace.WithClientTrace(context.Background(), trace), http.MethodGet, s.url+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				for i := 0; i < len(test.header); i += 2 {
					r.Header.Set(test.header[i], test.header[i+1])
				}
				res, err := s.client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				if got := informed.Load() == 1; res.StatusCode != http.StatusOK || got != test.want {
					t.Errorf("%s has %d informational responses before %d; want %v", path, informed.Load(), res.StatusCode, test.want)
				}
			}
		})
	}
}

func TestAChoiceOfEarlyHintsThatIsNone(t *testing.T) {
	const want = "selvedge: --early-hints is auto, always or never, and not \"yes\"\n"
	for _, args := range [][]string{{"selvedge", "serve", "--data", ":memory:"}, {"selvedge", "proxy", "http://127.0.0.1:1"}} {
		var stderr strings.Builder
		if code := run(t.Context(), append(args, "--early-hints", "yes"), nil, io.Discard, &stderr); code != exitUsage || stderr.String() != want {
			t.Errorf("%q ends with %d, %q; want %d, %q", args, code, stderr.String(), exitUsage, want)
		}
	}
}
