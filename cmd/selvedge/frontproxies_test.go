package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// frontProxies are the proxies that the tests of this file put in front of us.
var frontProxies = []frontProxy{nginxPlain, nginxTuned, varnish, haproxy, caddy}

// behindEach runs a test for a server behind each of the proxies, and without
// any.
func behindEach(t *testing.T, start func(t *testing.T) *testShop, test func(t *testing.T, s *testShop)) {
	t.Helper()
	t.Run("without a proxy", func(t *testing.T) { test(t, start(t)) })
	for _, p := range frontProxies {
		t.Run("behind "+p.name, func(t *testing.T) { test(t, p.before(t, start(t))) })
	}
}

// shops are the ways to serve the shop.
var shops = []struct {
	name  string
	start func(t *testing.T) *testShop
}{
	{"the shop", func(t *testing.T) *testShop { return startShop(t) }},
	{"the shop as an origin", func(t *testing.T) *testShop {
		return startHere(t, "selvedge", "proxy", startShop(t).url, "--listen", "127.0.0.1:0", "--log", "text")
	}},
}

// TestTheShopBehindAProxy shops without a script: pages, a form, and what was
// put in.
func TestTheShopBehindAProxy(t *testing.T) {
	for _, server := range shops {
		t.Run(server.name, func(t *testing.T) {
			behindEach(t, server.start, func(t *testing.T, s *testShop) {
				for range 2 { // the second time most of it is stored
					for _, path := range []string{"/", "/products/1", "/cart"} {
						page := s.page(path)
						if page.StatusCode != http.StatusOK || !strings.HasSuffix(page.body, "</html>") {
							t.Errorf("%s is %d and ends with %q; want a whole page", path, page.StatusCode, tail(page.body))
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
		})
	}
}

// TestPushBehindAProxy has a page hear of what is put in, by a WebSocket and by
// an event stream.
func TestPushBehindAProxy(t *testing.T) {
	for _, server := range shops {
		for _, p := range frontProxies {
			t.Run(server.name+" behind "+p.name, func(t *testing.T) {
				s := p.before(t, server.start(t))
				live := s.liveURL("/products/1")
				s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":1}`)
				want := "4 pieces"
				if p.webSockets {
					want = "5 pieces"
					ws := s.dial(t, "/products/1")
					s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":1}`)
					await(t, ws, `aria-label="Cart, 2 pieces"`)
				}
				stream := s.stream(t, live)
				s.json(http.MethodPost, "/api/cart", `{"productId":2,"quantity":3}`)
				stream.await("#cart-mini", want)
			})
		}
	}
}

// await reads messages of a page until one has a text in it.
func await(t *testing.T, ws *websocket.Conn, text string) {
	t.Helper()
	for {
		_, message, err := ws.Read(t.Context())
		if err != nil {
			t.Fatalf("%q never came: %v", text, err)
		}
		if strings.Contains(string(message), text) {
			return
		}
	}
}

// TestAnUploadBehindAProxy sends a body of a known length, and one in chunks.
func TestAnUploadBehindAProxy(t *testing.T) {
	start := func(t *testing.T) *testShop {
		return startProxy(t, func(w http.ResponseWriter, r *http.Request) {
			sum := sha256.New()
			n, err := io.Copy(sum, r.Body)
			_, _ = fmt.Fprintf(w, "%s %d bytes %x %v", r.Method, n, sum.Sum(nil), err)
		})
	}
	body := strings.Repeat("0123456789abcdef", 1<<17)
	want := fmt.Sprintf("%d bytes %x <nil>", len(body), sha256.Sum256([]byte(body)))
	behindEach(t, start, func(t *testing.T, s *testShop) {
		for _, method := range []string{http.MethodPost, http.MethodPut} {
			for name, reader := range map[string]io.Reader{"of a known length": strings.NewReader(body), "in chunks": io.MultiReader(strings.NewReader(body))} {
				r, err := http.NewRequestWithContext(t.Context(), method, s.url+"/upload", reader)
				if err != nil {
					t.Fatal(err)
				}
				res, err := s.client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				got, _ := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if res.StatusCode != http.StatusOK || string(got) != method+" "+want {
					t.Errorf("a body %s is answered with %d %q; want 200 and %s %s", name, res.StatusCode, got, method, want)
				}
			}
		}
	})
}

// TestHTTP10BehindAProxy asks as the oldest clients and the plainest proxies do,
// with what browsers say: nothing informs, nothing comes in chunks, and the page
// is whole.
func TestHTTP10BehindAProxy(t *testing.T) {
	for _, server := range shops {
		t.Run(server.name, func(t *testing.T) {
			behindEach(t, server.start, func(t *testing.T, s *testShop) {
				for range 2 {
					for _, path := range []string{"/", "/cart"} {
						got := s.getByHTTP10(path)
						header, body, _ := strings.Cut(got, "\r\n\r\n")
						status, _, _ := strings.Cut(header, "\r\n")
						if !strings.HasSuffix(status, " 200 OK") || strings.Contains(strings.ToLower(header), "transfer-encoding") || !strings.HasSuffix(body, "</html>") {
							t.Errorf("%s is %q and ends with %q; want a whole page, and no chunks", path, header, tail(body))
						}
					}
				}
			})
		})
	}
}

// getByHTTP10 asks for a page and returns all that comes until the end of the
// connection.
func (s *testShop) getByHTTP10(path string) string {
	s.t.Helper()
	host := strings.TrimPrefix(s.url, "http://")
	c, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", host)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = fmt.Fprintf(c, "GET %s HTTP/1.0\r\nHost: %s\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate\r\n\r\n", path, host)
	all, err := io.ReadAll(c)
	if err != nil {
		s.t.Error(err)
	}
	return string(all)
}

// TestAnOriginBehindAProxy has a page of an origin completed, with and without
// an answer from the store.
func TestAnOriginBehindAProxy(t *testing.T) {
	start := func(t *testing.T) *testShop {
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
	behindEach(t, start, func(t *testing.T, s *testShop) {
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
	navigate := func(s *testShop, path string) answer {
		return s.do(http.MethodGet, path, "", "Accept", acceptPage, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
	}
	start := func(t *testing.T) *testShop { return startProxy(t, hintingOrigin) }
	behindEach(t, start, func(t *testing.T, s *testShop) {
		for range 2 {
			for path, want := range map[string]string{"/page": "styled without", "/own": "own"} {
				if page := navigate(s, path); page.StatusCode != http.StatusOK || page.body != want {
					t.Errorf("%s is %d %q; want 200 and %q", path, page.StatusCode, page.body, want)
				}
			}
		}
	})
	behindEach(t, shops[0].start, func(t *testing.T, s *testShop) {
		for range 2 {
			if page := navigate(s, "/cart"); page.StatusCode != http.StatusOK || !strings.HasSuffix(page.body, "</html>") {
				t.Errorf("/cart is %d and ends with %q; want a whole page", page.StatusCode, tail(page.body))
			}
		}
	})
}

// tail is the end of a text.
func tail(text string) string { return text[max(0, len(text)-40):] }
