package main

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestAnErrorPageIsNotOlderThanTheShop looks at the Age of pages that are made
// for one request.
func TestAnErrorPageIsNotOlderThanTheShop(t *testing.T) {
	s := startShop(t)
	s.page("/") // the layout is stored
	tests := []struct {
		name   string
		answer answer
		want   int
	}{
		{"an address that leads nowhere", s.page("/nowhere"), http.StatusNotFound},
		{"a product that does not exist", s.page("/products/99999"), http.StatusNotFound},
		{"a method that is not allowed", s.post("/cart", ""), http.StatusMethodNotAllowed},
		{"a form that is refused", s.post("/api/checkout", "name=Ada"), http.StatusUnprocessableEntity},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			age := test.answer.Header.Get("Age")
			seconds, err := strconv.Atoi(cmp.Or(age, "0"))
			if err != nil || seconds > 60 || test.answer.StatusCode != test.want {
				t.Errorf("%d with Age: %s; want %d, and no more than a minute", test.answer.StatusCode, age, test.want)
			}
		})
	}
}

// TestAPageThatIsTheCartIsMissingWithoutIt has nobody answer for the cart.
func TestAPageThatIsTheCartIsMissingWithoutIt(t *testing.T) {
	s := startShop(t, "--fragment", "cart=http://127.0.0.1:1")
	for path, status := range map[string]int{"/cart": 503, "/orders/22222-22222-22222": 503, "/": 200, "/products": 200, "/products/1": 200} {
		a := s.page(path)
		if a.StatusCode != status {
			t.Errorf("GET %s = %d; want %d", path, a.StatusCode, status)
		}
		if status == 200 {
			continue
		}
		if got := a.Header.Get("Cache-Control"); got != "no-store" || a.Header.Get("Retry-After") == "" {
			t.Errorf("GET %s: Cache-Control %q, Retry-After %q; want no-store and a time", path, got, a.Header.Get("Retry-After"))
		}
		if doc := a.document(t); !strings.Contains(doc.Find("main").Text(), "cannot be shown at the moment") || doc.Find(".site-header nav a").Length() == 0 {
			t.Errorf("GET %s = %s; want a page that says what is missing", path, a.body)
		}
	}
}
