package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// nginxSilent is nginx with HTTP/1.1 that says nothing of itself.
var nginxSilent = frontProxy{
	name: "nginx that says nothing of itself", program: "nginx", file: "nginx.conf",
	config: nginxConfig(`location / { proxy_pass http://UPSTREAM; proxy_http_version 1.1; proxy_set_header Connection ""; }`),
	args:   nginxArgs,
}

// TestTrailersBreakNoAnswerBehindAProxy has an origin end its answers with a
// trailer, and asks for what is stored and for what is not, twice: every proxy
// hands on the whole body. Without a proxy the trailer comes unless the answer
// is from the store.
func TestTrailersBreakNoAnswerBehindAProxy(t *testing.T) {
	body := strings.Repeat("0123456789abcdef", 1<<10)
	start := func(t *testing.T) *testShop {
		return startProxy(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", r.URL.Query().Get("cache"))
			if r.URL.Query().Has("announced") {
				w.Header().Set("Trailer", "X-Sum")
			}
			_, _ = io.WriteString(w, body)
			w.Header().Set(http.TrailerPrefix+"X-Sum", "7")
		})
	}
	test := func(direct bool) func(t *testing.T, s *testShop) {
		return func(t *testing.T, s *testShop) {
			for _, te := range []string{"", "trailers"} {
				for _, target := range []string{"/x?cache=no-store", "/x?cache=max-age=60", "/x?announced&cache=no-store", "/x?announced&cache=max-age=60"} {
					for i := range 2 {
						address := target + "&te=" + te
						got := s.do(http.MethodGet, address, "", "TE", te)
						if got.StatusCode != http.StatusOK || got.body != body {
							t.Errorf("%s is %d with %d bytes; want 200 and all %d", address, got.StatusCode, len(got.body), len(body))
						}
						want := "7"
						if i == 1 && strings.Contains(target, "max-age") {
							want = ""
						}
						if sum := got.Trailer.Get("X-Sum"); direct && sum != want {
							t.Errorf("request %d for %s has the trailer %q; want %q", i, address, sum, want)
						}
					}
				}
			}
		}
	}
	t.Run("without a proxy", func(t *testing.T) { test(true)(t, start(t)) })
	for _, p := range append([]frontProxy{nginxSilent}, frontProxies...) {
		t.Run("behind "+p.name, func(t *testing.T) { test(false)(t, p.before(t, start(t))) })
	}
}
