package site_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"selvedge/composer/site"
)

// In development, an open page is loaded again for another version of a fragment, and when
// the server of a fragment answers again.
func TestPagesAreLoadedAgainInDevelopment(t *testing.T) {
	var manifest atomic.Pointer[string]
	asked := make(chan struct{})
	say := func(text string) { manifest.Store(&text) }
	say(`{"name":"a","version":"1.0.0"}`)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/-/manifest" {
			select {
			case asked <- struct{}{}:
			default:
			}
		}
		switch text := *manifest.Load(); {
		case text == "":
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path == "/-/manifest":
			_, _ = w.Write([]byte(text))
		default:
			template(`<body><p>A page</p></body>`).ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	s, v := start(t, "dev: true\nlive: auto\ncache-size: 0\nfragments: {a: "+server.URL+"}\npages: {/: a/x}\n", site.Options{})
	known := func() { // the follower has the answer to the first request when it sends the second
		<-asked
		<-asked
	}
	known()
	conn := v.connect("/")
	say(`{"name":"a","version":"1.1.0"}`)
	awaits(t, conn, "data-reload")

	conn = v.connect("/")
	say("")
	known()
	say(`{"name":"a","version":"1.1.0"}`)
	awaits(t, conn, "data-reload")

	conn = v.connect("/")
	s.ReloadPages()
	awaits(t, conn, "data-reload")
}
