package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"selvedge/fragments/standalone"
)

// badge is a process that serves the fragment cart, with a text that changes
// although nobody says so.
type badge struct {
	*httptest.Server
	text, version atomic.Pointer[string]
}

func startBadge(t *testing.T) *badge {
	b := new(badge)
	b.set("first")
	b.deploy("1.0.0")
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Close)
	return b
}

func (b *badge) set(text string)       { b.text.Store(&text) }
func (b *badge) deploy(version string) { b.version.Store(&version) }

func (b *badge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == standalone.ManifestPath {
		_, _ = fmt.Fprintf(w, `{"name": "cart", "version": %q}`, *b.version.Load())
		return
	}
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Cache-Groups", `"badge"`)
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = fmt.Fprintf(w, `<a id="cart-mini" href="/cart">%s</a>`, *b.text.Load())
}

// TestALaterPageKnowsMoreThanTheHub has a page that is open, and another that
// is made when the fragment has another text. Each host has its own stored
// responses, so that the later page is made of another one than the first.
func TestALaterPageKnowsMoreThanTheHub(t *testing.T) {
	b := startBadge(t)
	s := startShop(t, "--fragment", "cart="+b.URL, "--admin-token", adminToken)
	s.knows("1.0.0")
	open := s.stream(t, s.liveURL("/products"))
	b.set("second")

	later := *s
	later.url = strings.Replace(s.url, "127.0.0.1", "localhost", 1)
	later.client = s.newClient()
	live := later.liveURL("/products")
	if got := later.do(http.MethodGet, live, ""); strings.Contains(got.body, "first") {
		t.Errorf("polling, the later page is sent %s; want nothing of the first text", got.body)
	}
	page := later.stream(t, live)
	open.await("#cart-mini", "second")

	b.set("third")
	res := s.do(http.MethodPost, "/-/invalidate", `{"groups":["badge"]}`, "Content-Type", "application/json", "Authorization", "Bearer "+adminToken)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("invalidating: %d %s; want 200", res.StatusCode, res.body)
	}
	badge := page.next().Find("#cart-mini")
	for badge.Length() == 0 {
		badge = page.next().Find("#cart-mini")
	}
	if got := badge.First().Text(); got != "third" {
		t.Errorf("the later page is sent %q first; want third", got)
	}
}

// knows waits until the shop has learned a version of a fragment.
func (s *testShop) knows(version string) {
	s.t.Helper()
	eventually(s.t, "the version is known", func() bool { return strings.Contains(s.log.String(), "version="+version) })
}

// TestADeployedVersionIsSentToOpenPages changes version and text of a process
// that serves a fragment, and takes both back.
func TestADeployedVersionIsSentToOpenPages(t *testing.T) {
	b := startBadge(t)
	s := startShop(t, "--fragment", "cart="+b.URL)
	s.knows("1.0.0")
	page := s.stream(t, s.liveURL("/products"))
	b.set("second")
	b.deploy("1.1.0")
	page.await("#cart-mini", "second")
	s.knows("1.1.0")
	b.set("first")
	b.deploy("1.0.0")
	page.await("#cart-mini", "first")
}
