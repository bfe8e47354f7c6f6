package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// frontProxies are the proxies that the tests of this file put in front of us.
var frontProxies = []frontProxy{nginxPlain, nginxTuned, varnish, haproxy, caddy}

// behindEach runs a test for a server behind each of the proxies, and without
// any.
func behindEach(t *testing.T, start func(t *testing.T) *shop, test func(t *testing.T, s *shop)) {
	t.Run("without a proxy", func(t *testing.T) { test(t, start(t)) })
	for _, p := range frontProxies {
		t.Run("behind "+p.name, func(t *testing.T) { test(t, p.before(t, start(t))) })
	}
}

// startOrdinaryShop is startShop for behindEach.
func startOrdinaryShop(t *testing.T) *shop { return startShop(t) }

// TestTheShopBehindAProxy shops without a script: pages, a form, and what was
// put in.
func TestTheShopBehindAProxy(t *testing.T) {
	behindEach(t, startOrdinaryShop, func(t *testing.T, s *shop) {
		for range 2 { // the second time most of it is stored
			for _, path := range []string{"/", "/products/1", "/cart"} {
				page := s.page(path)
				if page.StatusCode != http.StatusOK || !strings.HasSuffix(page.body, "</html>") {
					t.Errorf("%s is %d and ends with %.40q; want a whole page", path, page.StatusCode, tail(page.body))
				}
			}
		}
		if added := s.post("/api/cart", "productId=1&quantity=2"); added.StatusCode != http.StatusSeeOther {
			t.Errorf("adding is answered with %d %s; want 303", added.StatusCode, added.body)
		}
		if got := s.page("/cart").document(t).Find("main").Text(); !strings.Contains(got, "Café crème mug") {
			t.Errorf("the cart shows %q; want what was put in", got)
		}
	})
}

// TestAnOriginBehindAProxy has a page of an origin completed, with and without
// an answer from the store.
func TestAnOriginBehindAProxy(t *testing.T) {
	start := func(t *testing.T) *shop {
		return startProxy(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "max-age=60")
			if r.URL.Path == "/part" {
				_, _ = io.WriteString(w, "part")
				return
			}
			w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
			_, _ = io.WriteString(w, `<p>a <esi:include src="/part"/></p>`)
		})
	}
	behindEach(t, start, func(t *testing.T, s *shop) {
		for range 2 {
			if page := s.page("/"); page.StatusCode != http.StatusOK || page.body != "<p>a part</p>" {
				t.Errorf("the page is %d %q; want it with its part", page.StatusCode, page.body)
			}
		}
	})
}

// hintingOrigin has pages of which something is to be loaded early: one that we
// complete, which waits for a part that never comes, and one of which the origin
// says so itself.
func hintingOrigin(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	switch r.URL.Path {
	case "/late":
		<-r.Context().Done()
	case "/styled":
		h.Set("Link", "</a.css>; rel=preload; as=style")
		_, _ = io.WriteString(w, "styled")
	case "/own":
		h.Set("Link", "</a.css>; rel=preload; as=style")
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.WriteString(w, "own")
	default:
		h.Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = io.WriteString(w, `<esi:include src="/styled"/><esi:include src="/late" maxwait="50"> without</esi:include>`)
	}
}

// TestEarlyHintsBreakNoPageBehindAProxy asks as a browser that navigates, for
// what is known to need something by the second time.
func TestEarlyHintsBreakNoPageBehindAProxy(t *testing.T) {
	navigate := func(s *shop, path string) answer {
		return s.do(http.MethodGet, path, "", "Accept", acceptPage, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
	}
	start := func(t *testing.T) *shop { return startProxy(t, hintingOrigin) }
	behindEach(t, start, func(t *testing.T, s *shop) {
		for range 2 {
			for path, want := range map[string]string{"/page": "styled without", "/own": "own"} {
				if page := navigate(s, path); page.StatusCode != http.StatusOK || page.body != want {
					t.Errorf("%s is %d %q; want 200 and %q", path, page.StatusCode, page.body, want)
				}
			}
		}
	})
	behindEach(t, startOrdinaryShop, func(t *testing.T, s *shop) {
		for range 2 {
			if page := navigate(s, "/cart"); page.StatusCode != http.StatusOK || !strings.HasSuffix(page.body, "</html>") {
				t.Errorf("/cart is %d and ends with %q; want a whole page", page.StatusCode, tail(page.body))
			}
		}
	})
}

// tail is the end of a text.
func tail(text string) string { return text[max(0, len(text)-40):] }
