package composer_test

import (
	"io"
	"net/http"
	"testing"

	"selvedge/composer"
)

// TestOneHostHasOneAnswer asks for a host in all the ways in which it may be
// written: what the first stored is there for all, and has nothing of how that
// one wrote it.
func TestOneHostHasOneAnswer(t *testing.T) {
	same := []string{"EXAMPLE.com", "example.com", "example.com.", "example.com:80", "Example.COM.:80", "example.com:"}
	other := []string{"example.com:8080", "example.com:443", "www.example.com", "example.org"}
	says := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60", "Content-Type: text/html", `Cache-Groups: "g"`, `Surrogate-Control: content="ESI/1.0"`)
		_, _ = io.WriteString(w, r.Header.Get("X-Forwarded-Host")+" <esi:vars>$(HTTP_HOST)</esi:vars>")
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		f := &counter{answer: func(w http.ResponseWriter, r *http.Request, _ int32) { says(w, r) }}
		s := open(composer.Options{}, fragments{"page": f.ServeHTTP})
		ask := func(host string) answer {
			r := s.request(t, http.MethodGet, "/x", nil)
			r.Host = host
			return s.do(t, r)
		}
		for _, host := range same {
			if a := ask(host); a.body != "example.com example.com" || f.calls.Load() != 1 {
				t.Errorf("%s has %q after %d questions; want the answer of example.com, asked once", host, a.body, f.calls.Load())
			}
		}
		for i, host := range other {
			if a := ask(host); a.body != host+" "+host || int(f.calls.Load()) != i+2 {
				t.Errorf("%s has %q after %d questions; want an answer of its own", host, a.body, f.calls.Load())
			}
		}
	})
}

// TestAWriteDropsWhatOneHostHas writes to a host in one way, and asks for it in
// another.
func TestAWriteDropsWhatOneHostHas(t *testing.T) {
	f := numbered("Cache-Control: max-age=60|Content-Location: http://EXAMPLE.com.:80/y")
	s := newProxy(t, composer.Options{}, f.ServeHTTP)
	ask := func(method, target, host string) string {
		r := s.request(t, method, target, nil)
		r.Host = host
		return s.do(t, r).body
	}
	first := ask(http.MethodGet, "/x", "example.com") + ask(http.MethodGet, "/y", "example.com")
	ask(http.MethodPut, "/x", "EXAMPLE.com:80")
	if got := ask(http.MethodGet, "/x", "example.com.") + ask(http.MethodGet, "/y", "example.com"); first != "00000000010000000002" || got != "00000000040000000005" {
		t.Errorf("after the write there is %q instead of %q; want both anew", got, first)
	}
}
