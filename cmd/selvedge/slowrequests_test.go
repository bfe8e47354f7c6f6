package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// slowly opens connections that send a request, of which the body does not come.
func (s *testShop) slowly(connections int, request string) {
	s.t.Helper()
	for range connections {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() { _ = c.Close() })
		if _, err := io.WriteString(c, strings.ReplaceAll(request, "\n", "\r\n")); err != nil {
			s.t.Fatal(err)
		}
	}
}

// TestSlowRequestsToTheShopAreNobodyElsesTrouble has 130 requests that send a byte
// of their body. They have what they can take one second later.
func TestSlowRequestsToTheShopAreNobodyElsesTrouble(t *testing.T) {
	const form = " HTTP/1.1\nHost: shop.example\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 50\n\na"
	for _, address := range []string{"/api/cart", "/fragments/shell/x", "/fragments/cart/x"} {
		t.Run(address, func(t *testing.T) {
			s := startShop(t, "--quiet")
			s.slowly(130, "POST "+address+form)
			for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
				for _, path := range []string{"/", "/cart", "/products/1"} {
					if a := s.page(path); a.StatusCode != http.StatusOK {
						t.Errorf("%s is answered with %d under the attack; want 200", path, a.StatusCode)
					}
				}
				if a := s.post("/api/cart", "productId=1&quantity=1"); a.StatusCode >= 500 { // the stock has an end
					t.Errorf("a product is put into the cart with %d under the attack; want the shop's answer", a.StatusCode)
				}
			}
		})
	}
}

func TestSlowUploadsThroughAProxyAreNobodyElsesTrouble(t *testing.T) {
	s := startProxy(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }, "--quiet")
	s.slowly(130, "POST /upload HTTP/1.1\nHost: shop.example\nContent-Length: 5000000\n\na")
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		if a := s.page("/page"); a.StatusCode != http.StatusOK {
			t.Errorf("a page is answered with %d under the attack; want 200", a.StatusCode)
		}
		if a := s.do(http.MethodPost, "/form", "a=b"); a.StatusCode != http.StatusOK || a.body != "a=b" {
			t.Errorf("a form is answered with %d %q under the attack; want 200", a.StatusCode, a.body)
		}
	}
}

func TestAMalformedBodyIsSaidToBe(t *testing.T) {
	const request = "POST /api/cart HTTP/1.1\nHost: shop.example\nConnection: close\nTransfer-Encoding: chunked\n\nZZ\n\n"
	proxy := startProxy(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }, "--quiet")
	for name, s := range map[string]*testShop{"shop": startShop(t, "--quiet"), "proxy": proxy} {
		t.Run(name, func(t *testing.T) {
			if a := s.send(strings.ReplaceAll(request, "\n", "\r\n")); a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, "not complete, or is malformed") {
				t.Errorf("answer = %d %s; want 400 and why", a.StatusCode, a.body)
			}
		})
	}
}
