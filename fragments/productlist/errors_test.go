package productlist_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"selvedge/fragments/productlist"
	"selvedge/store"
)

// bad are queries that are refused, with what a person and a program are told.
var bad = []struct {
	query  string
	status int
	says   string
}{
	{"page=0", 400, "The parameter page must be a whole number from 1"},
	{"page=abc", 400, "The parameter page must be a whole number from 1"},
	{"page=2", 404, "There is only 1 page."},
	{"perPage=3&page=3", 404, "There are only 2 pages."},
	{"q=nothing&page=2", 404, "There is only 1 page."},
	{"perPage=101", 400, "The parameter perPage must be a whole number from 1 to 100."},
	{"min=50&max=10", 400, "The parameter min must be at most as much as max."},
	{"max=-5", 400, "The parameter max must be a price in euros from 0.01 to 1000000"},
	{"sort=cheap", 400, "The parameter sort must be one of relevance, price, -price, name, newest."},
	{"category=cars", 400, "The parameter category must be one of bedroom, kitchen."},
	{"stock=maybe", 400, "The parameter stock must be 1, or left out."},
	{"q=a&q=b", 400, "The parameter q must be given only once."},
	{"q=" + strings.Repeat("x", 201), 400, "The parameter q must be at most 200 characters."},
	{"q=%zz", 400, "The part of the address after the question mark is broken."},
}

func TestBadQueriesForPeople(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	for _, test := range bad {
		resp := get(h, "/grid?"+test.query, "Accept", "text/html")
		doc, err := goquery.NewDocumentFromReader(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != test.status || doc.Find("h1").Length() != 1 || !strings.Contains(doc.Text(), test.says) {
			t.Errorf("GET /grid?%s = %s, %q; want %d and %q", test.query, resp.Status, doc.Text(), test.status, test.says)
		}
	}
}

func TestBadQueriesForPrograms(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	for _, test := range bad {
		resp := get(h, "/api/products?"+test.query)
		var problem struct {
			Status int
			Detail string
		}
		if err := json.NewDecoder(resp.Body).Decode(&problem); err != nil {
			t.Fatalf("GET /api/products?%s: %v", test.query, err)
		}
		if got := resp.Header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("GET /api/products?%s is %q; want application/problem+json", test.query, got)
		}
		if resp.StatusCode != test.status || problem.Status != test.status || !strings.Contains(problem.Detail, test.says) {
			t.Errorf("GET /api/products?%s = %s, %+v; want %d and %q", test.query, resp.Status, problem, test.status, test.says)
		}
	}
}

// broken is a store that cannot be read.
type broken struct{}

func (broken) Products(context.Context, store.Query) (store.List, error) {
	return store.List{}, errors.New("disk on fire")
}

func (broken) Product(context.Context, int64) (store.Product, error) {
	return store.Product{}, errors.New("disk on fire")
}

func TestBrokenStoreIsNotShown(t *testing.T) {
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(logger) })
	h, err := productlist.New(broken{})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/grid", "/stock/1", "/api/products"} {
		resp := get(h, path)
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusInternalServerError || strings.Contains(string(body), "fire") {
			t.Errorf("GET %s = %s, %s; want 500 without the cause", path, resp.Status, body)
		}
	}
}
