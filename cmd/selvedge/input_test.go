package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestBadInputIsRefused sends every mistake twice, as a person and as a
// program do, and looks that both are told, that nothing changed, and that we
// do not blame ourselves.
func TestBadInputIsRefused(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		name, method, path, contentType, body string
	}{
		{"quantity 0", "POST", "/api/cart", form, "productId=1&quantity=0"},
		{"a negative quantity", "POST", "/api/cart", form, "productId=1&quantity=-1"},
		{"a huge quantity", "POST", "/api/cart", form, "productId=1&quantity=1000000000000"},
		{"a quantity that is a word", "POST", "/api/cart", form, "productId=1&quantity=abc"},
		{"quantity 0 as JSON", "POST", "/api/cart", "application/json", `{"productId":1,"quantity":0}`},
		{"a huge quantity as JSON", "POST", "/api/cart", "application/json", `{"productId":1,"quantity":1e12}`},
		{"a quantity that is a string", "POST", "/api/cart", "application/json", `{"productId":1,"quantity":"2"}`},
		{"a quantity of 0 for a line", "PATCH", "/api/cart/1", "application/json", `{"quantity":0}`},
		{"an unknown product", "POST", "/api/cart", form, "productId=99999"},
		{"a line that is not there", "PATCH", "/api/cart/7", "application/json", `{"quantity":1}`},
		{"a body over 64 KiB", "POST", "/api/cart", form, "productId=1&idempotencyKey=" + strings.Repeat("a", 64<<10)},
		{"a content type that is neither", "POST", "/api/cart", "text/plain", "productId=1"},
		{"no content type", "POST", "/api/cart", "", `{"productId":1}`},
		{"broken JSON", "POST", "/api/cart", "application/json", `{"productId":1`},
		{"two JSON values", "POST", "/api/cart", "application/json", `{"productId":1}{}`},
		{"an unknown field", "POST", "/api/cart", "application/json", `{"productId":1,"price":0}`},
		{"an unknown form field", "POST", "/api/cart", form, "productId=1&price=0"},
		{"a checkout without an address", "POST", "/api/checkout", form, "name=Ada"},
		{"a stock below zero", "PATCH", "/api/products/1/stock", "application/json", `{"stock":-1}`},
		{"page 0", "GET", "/products?page=0", "", ""},
		{"a page that is a word", "GET", "/products?page=abc", "", ""},
		{"a page after the last", "GET", "/products?page=999", "", ""},
		{"a search that is too long", "GET", "/products?q=" + strings.Repeat("a", 201), "", ""},
		{"an unknown category of the API", "GET", "/api/products?category=weapons", "", ""},
		{"an unknown order of the API", "GET", "/api/products?sort=random", "", ""},
		{"a price of the API that is a word", "GET", "/api/products?min=cheap", "", ""},
		{"prices of the API the wrong way round", "GET", "/api/products?min=20&max=10", "", ""},
		{"a page of the API that is a word", "GET", "/api/products?page=abc", "", ""},
		{"too many products at once", "GET", "/api/products?perPage=1000", "", ""},
		{"an unknown product's page", "GET", "/products/99999", "", ""},
		{"a product that is no number", "GET", "/products/abc", "", ""},
		{"a path that goes up", "GET", "/products/../x", "", ""},
		{"a path that goes up, encoded", "GET", "/products/%2e%2e/x", "", ""},
		{"a path with a NUL", "GET", "/products/%00", "", ""},
		{"a page that does not exist", "GET", "/nothing", "", ""},
		{"a method that a page has not", "DELETE", "/cart", "", ""},
		{"a method that the API has not", "PUT", "/api/cart", "application/json", "{}"},
		{"a fragment's name that does not parse", "GET", "/fragments/CART!/mini", "", ""},
		{"a fragment's constraint that does not parse", "GET", "/fragments/cart@what/mini", "", ""},
		{"a fragment that does not exist", "GET", "/fragments/reviews/list", "", ""},
		{"a fragment's path that does not exist", "GET", "/fragments/cart/nothing", "", ""},
		{"a fragment without a path", "GET", "/fragments/cart", "", ""},
		{"a static file that does not exist", "GET", "/static/nothing.css", "", ""},
	}
	before := s.json(http.MethodGet, "/api/cart", "").body
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			header := []string{"Authorization", "Bearer " + adminToken}
			if test.contentType != "" {
				header = append(header, "Content-Type", test.contentType)
			}
			person := s.do(test.method, test.path, test.body, append(header, "Accept", acceptPage)...)
			checkPersonIsTold(t, person)
			program := s.do(test.method, test.path, test.body, append(header, "Accept", "application/json")...)
			checkProgramIsTold(t, program)
			if after := s.json(http.MethodGet, "/api/cart", "").body; after != before {
				t.Errorf("the cart changed from %s to %s", before, after)
			}
		})
	}
	if log := s.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("bad input was logged as an error of ours:\n%s", log)
	}
}

func checkPersonIsTold(t *testing.T, a answer) {
	t.Helper()
	if a.StatusCode < 400 || a.StatusCode > 499 {
		t.Fatalf("a person gets %d; want a 4xx", a.StatusCode)
	}
	d := a.document(t)
	if d.Find("main h1").Length() != 1 || d.Find("header #cart-mini").Length() != 1 {
		t.Errorf("a person gets no page of the shop with one heading:\n%s", a.body)
	}
	if text := strings.TrimSpace(d.Find("main p").First().Text()); text == "" {
		t.Errorf("a person is not told what is wrong:\n%s", a.body)
	}
}

func checkProgramIsTold(t *testing.T, a answer) {
	t.Helper()
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("a program gets %d with %s; want application/problem+json\n%s", a.StatusCode, got, a.body)
	}
	var problem struct {
		Type, Title, Detail string
		Status              int
	}
	if err := json.Unmarshal([]byte(a.body), &problem); err != nil {
		t.Fatal(err)
	}
	if a.StatusCode < 400 || a.StatusCode > 499 || problem.Status != a.StatusCode || problem.Title == "" || problem.Detail == "" {
		t.Errorf("a program gets %d with %s; want a 4xx with title, detail and the same status", a.StatusCode, a.body)
	}
}

func TestOddRequestsOnTheWire(t *testing.T) {
	s := startShop(t)
	tests := []struct {
		name, request string
		want          int
	}{
		{"a path that goes up as it was typed", "GET /products/../x HTTP/1.1\r\nHost: shop\r\n\r\n", 400},
		{"a path with two slashes", "GET //products HTTP/1.1\r\nHost: shop\r\n\r\n", 400},
		{"a header of 1 MiB", "GET / HTTP/1.1\r\nHost: shop\r\nX-Big: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", 431},
		{"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
		{"nonsense", "what is this\r\n\r\n", 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			go func() { _, _ = fmt.Fprint(c, test.request) }()
			res, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != test.want {
				t.Errorf("status %d; want %d", res.StatusCode, test.want)
			}
		})
	}
}

func TestWritesFromOtherSitesAreRefused(t *testing.T) {
	s := startShop(t)
	got := s.do(http.MethodPost, "/api/cart", "productId=1", "Content-Type", "application/x-www-form-urlencoded",
		"Accept", acceptPage, "Sec-Fetch-Site", "cross-site")
	if got.StatusCode != http.StatusForbidden {
		t.Errorf("status %d; want 403", got.StatusCode)
	}
}

func TestHeadersThatKeepBrowsersSafe(t *testing.T) {
	s := startShop(t)
	for _, path := range []string{"/", "/nothing", "/api/products", "/fragments/cart/mini", "/healthz"} {
		h := s.page(path).Header
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q; want default-src 'none' and nothing unsafe", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s lacks a header: %v", path, h)
		}
	}
}
