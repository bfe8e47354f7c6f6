package productlist_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"selvedge/fragments"
	"selvedge/fragments/productlist"
	"selvedge/store"
	"selvedge/store/sqlite"
)

// products are four goods: much, a few and none in stock, and a name that
// HTML has to escape.
var products = []store.Product{
	product(1, "Stoneware Mug", "kitchen", 1850, 12),
	product(2, "Wool Blanket", "bedroom", 12900, 3),
	product(3, "Linen Apron", "kitchen", 4200, 0),
	product(4, "Salt & Pepper <Set>", "kitchen", 2450, 40),
}

func product(id int64, name, category string, cents int64, stock int) store.Product {
	return store.Product{
		ID:          id,
		Name:        name,
		Summary:     "What " + name + " is for.",
		Description: "Made by hand.\n\nMade to last.",
		Category:    category,
		Price:       store.Euro(cents),
		Specs: []store.Spec{{Name: "Material", Value: "Clay"}, {Name: "Weight", Value: "1 kg"},
			{Name: "Width", Value: "10 cm"}, {Name: "Height", Value: "12 cm"}, {Name: "Origin", Value: "Portugal"}},
		Pictures: []store.Picture{
			{Name: "mug.moss.stripe.1.front", Alt: name + ", from the front"},
			{Name: "mug.moss.stripe.1.detail", Alt: name + ", a detail"},
		},
		Stock:   stock,
		Version: 1,
		Added:   time.Date(2026, 1, int(id), 0, 0, 0, 0, time.UTC),
	}
}

// newStore returns a store in memory with some products.
func newStore(t testing.TB, products ...store.Product) *store.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.Fill(context.Background(), slices.Values(products)); err != nil {
		t.Fatal(err)
	}
	return s
}

// newFragment returns the fragment over a store.
func newFragment(t testing.TB, s *store.Store) *fragments.Fragment {
	t.Helper()
	f, err := productlist.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// get answers a GET with pairs of header names and values.
func get(h http.Handler, url string, headers ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// page parses the HTML of an answer with status 200.
func page(t testing.TB, h http.Handler, url string) *goquery.Document {
	t.Helper()
	resp := get(h, url)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s = %s; want 200", url, resp.Status)
	}
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
