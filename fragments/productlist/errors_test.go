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

// bad are queries that are refused, with what a program is told.
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
	tests := []struct {
		query  string
		status int
		says   string
	}{
		{"page=0", 404, "The pages of a list are counted from 1."},
		{"page=abc", 404, "The pages of a list are counted from 1."},
		{"page=2", 404, "There is only 1 page."},
		{"perPage=3&page=3", 404, "There are only 2 pages."},
		{"q=nothing&page=2", 404, "There is only 1 page."},
		{"q=" + strings.Repeat("x", 201), 400, "A search has at most 200 characters"},
		{"q=%00", 400, "A search has at most 200 characters"},
		{"q=%zz", 400, "The part of the address after the question mark is broken."},
	}
	for _, test := range tests {
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

// TestAListStaysWithAMistakeBesideItsField has queries in which a person has
// mistyped something that the list can do without.
func TestAListStaysWithAMistakeBesideItsField(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	const noAmount = "Please write an amount such as 12 or 12.50."
	tests := []struct {
		query, min, max, minSays, maxSays, notice, count string
	}{
		{"min=100&max=50", "100", "50", "This is more than the highest price.", "", "", "4 products"},
		{"min=cheap", "cheap", "", noAmount, "", "", "4 products"},
		{"min=20&max=-5", "20", "-5", "", noAmount, "", "3 products"},
		{"max=0", "", "0", "", noAmount, "", "4 products"},
		{"min=100,50", "100,50", "", "", "", "", "1 product"},
		{"min=1.000,50", "1.000,50", "", noAmount, "", "", "4 products"},
		{"category=cars", "", "", "", "", "There is no category “cars”, so these are the goods of all categories.", "4 products"},
		{"sort=cheap&stock=maybe&perPage=101", "", "", "", "", "", "4 products"},
		{"min=20&min=30", "20", "", "", "", "", "3 products"},
	}
	for _, test := range tests {
		doc := page(t, h, "/grid?"+test.query)
		says := func(name string) string {
			field := doc.Find("#productlist-" + name)
			if id, ok := field.Attr("aria-describedby"); ok && field.Is("[aria-invalid=true]") {
				return doc.Find("#" + id).Text()
			}
			return ""
		}
		got := test
		got.min, got.max = doc.Find("#productlist-min").AttrOr("value", ""), doc.Find("#productlist-max").AttrOr("value", "")
		got.minSays, got.maxSays = says("min"), says("max")
		got.notice, got.count = doc.Find(".productlist-notice").Text(), doc.Find(".productlist-count").Text()
		if got != test {
			t.Errorf("GET /grid?%s shows\n%+v; want\n%+v", test.query, got, test)
		}
		if open := doc.Find("details[open]").Length() == 1; open != (test.minSays+test.maxSays != "") {
			t.Errorf("GET /grid?%s: the filters are open: %v", test.query, open)
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

func (broken) MostOrdered(context.Context, int) ([]store.Product, error) {
	return nil, errors.New("disk on fire")
}

func (broken) ProductIDs(context.Context) ([]int64, error) { return nil, errors.New("disk on fire") }

func TestBrokenStoreIsNotShown(t *testing.T) {
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(logger) })
	h, err := productlist.New(broken{})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/grid", "/head?category=a", "/home", "/categories", "/browse", "/related/1", "/sitemap.xml", "/stock/1", "/api/products"} {
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
