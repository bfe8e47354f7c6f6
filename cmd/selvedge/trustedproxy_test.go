package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestBehindAProxyThatDoesTLS asks as such a proxy does.
func TestBehindAProxyThatDoesTLS(t *testing.T) {
	says := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Header.Get("X-Forwarded-Proto")+" "+r.Header.Get("X-Forwarded-For"))
	}
	header := []string{"X-Forwarded-For", "192.0.2.7", "X-Forwarded-Proto", "https"}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--trusted-proxy", "127.0.0.0/8"}, "https 192.0.2.7"},
		{nil, "http 127.0.0.1"},
	} {
		s := startProxy(t, says, test.args...)
		if got := s.do(http.MethodGet, "/", "", header...); got.body != test.want {
			t.Errorf("with %q the origin hears of %q; want %q", test.args, got.body, test.want)
		}
	}
	s := startShop(t, "--trusted-proxy", "127.0.0.1")
	if got := s.do(http.MethodGet, "/", "", header...).Header.Get("Strict-Transport-Security"); got == "" {
		t.Error("a visitor by https is not told to stay there")
	}
	var stderr strings.Builder
	want := "selvedge: --trusted-proxy \"lb\" is no network, as in 10.0.0.0/8, and no address\n"
	if code := run(t.Context(), []string{"selvedge", "--data", ":memory:", "--trusted-proxy", "lb"}, nil, io.Discard, &stderr); code != exitUsage || stderr.String() != want {
		t.Errorf("a name is %d, %q; want %d, %q", code, stderr.String(), exitUsage, want)
	}
}

func TestAnUntrustedProxyIsLogged(t *testing.T) {
	s := startProxy(t, func(http.ResponseWriter, *http.Request) {})
	s.do(http.MethodGet, "/", "", "Via", "1.1 lb")
	s.do(http.MethodGet, "/", "", "Via", "1.1 lb")
	if got := strings.Count(s.log.String(), "--trusted-proxy"); got != 1 {
		t.Errorf("the log is %q; want one line on --trusted-proxy", s.log.String())
	}
}
