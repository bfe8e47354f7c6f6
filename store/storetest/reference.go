package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"selvedge/store"
)

// testRandom compares the answers to random queries with those of a search
// that looks at every product, while stock changes.
func testRandom(t *testing.T, s *store.Store) {
	r := random{rand.New(rand.NewPCG(3, 4))}
	products := make([]store.Product, 200)
	for i := range products {
		products[i] = r.product(int64(i + 1))
	}
	fill(t, s, products...)
	for range 250 {
		i := r.IntN(len(products))
		var err error
		if products[i], err = s.SetStock(t.Context(), int64(i+1), r.IntN(3)); err != nil {
			t.Fatal(err)
		}
		q := r.query()
		got, err := s.Products(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := diff(reference(products, q), got); diff != "" {
			t.Fatalf("Products(%+v) (-want +got):\n%s", q, diff)
		}
	}
}

// reference is the search as its documentation describes it, without any
// thought of speed. Its queries have a page and a size.
func reference(products []store.Product, q store.Query) store.List {
	anyCategory, anyPrice, inStock := q, q, q
	anyCategory.Category = ""
	anyPrice.MinPrice, anyPrice.MaxPrice = 0, 0
	inStock.InStock = true

	found := filter(products, q)
	slices.SortStableFunc(found, func(a, b store.Product) int { return order(q, a, b) })
	l := store.List{
		Total: len(found), InStock: len(filter(products, inStock)),
		Page: q.Page, Pages: max(1, (len(found)+q.PerPage-1)/q.PerPage),
		Lowest: store.Euro(0), Highest: store.Euro(0),
	}
	for i, p := range found {
		if i/q.PerPage+1 == q.Page {
			l.Products = append(l.Products, p)
		}
	}
	counts := map[string]int{}
	for _, p := range products {
		counts[p.Category] += 0
	}
	for _, p := range filter(products, anyCategory) {
		counts[p.Category]++
	}
	for category, n := range counts {
		l.Categories = append(l.Categories, store.CategoryCount{Category: category, Count: n})
	}
	slices.SortFunc(l.Categories, func(a, b store.CategoryCount) int { return cmp.Compare(a.Category, b.Category) })
	if span := filter(products, anyPrice); len(span) > 0 {
		byPrice := func(a, b store.Product) int { return cmp.Compare(a.Price.Amount, b.Price.Amount) }
		l.Lowest, l.Highest = slices.MinFunc(span, byPrice).Price, slices.MaxFunc(span, byPrice).Price
	}
	return l
}

func filter(products []store.Product, q store.Query) []store.Product {
	var found []store.Product
	for _, p := range products {
		text := strings.Join([]string{p.Name, p.Summary, p.Description, p.Category}, " ")
		if matches(text, q.Text) &&
			(q.Category == "" || p.Category == q.Category) &&
			p.Price.Amount >= q.MinPrice && (q.MaxPrice == 0 || p.Price.Amount <= q.MaxPrice) &&
			(!q.InStock || p.Stock > 0) {
			found = append(found, p)
		}
	}
	return found
}

var plain = strings.NewReplacer("é", "e", "ü", "u", "ß", "ss")

func matches(text, query string) bool {
	words := strings.Fields(plain.Replace(strings.ToLower(text)))
	for _, prefix := range strings.Fields(plain.Replace(strings.ToLower(query))) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, prefix) }) {
			return false
		}
	}
	return true
}

func order(q store.Query, a, b store.Product) int {
	byName := strings.Compare(plain.Replace(strings.ToLower(a.Name)), plain.Replace(strings.ToLower(b.Name)))
	byPrice := cmp.Compare(a.Price.Amount, b.Price.Amount)
	switch q.Sort {
	case store.SortName:
		return byName
	case store.SortPriceUp:
		return byPrice
	case store.SortPriceDown:
		return -byPrice
	case store.SortNewest:
		return b.Added.Compare(a.Added)
	}
	if strings.TrimSpace(q.Text) == "" {
		return 0
	}
	inA, inB := matches(a.Name, q.Text), matches(b.Name, q.Text)
	switch {
	case inA && !inB:
		return -1
	case inB && !inA:
		return 1
	}
	return byName
}

type random struct{ *rand.Rand }

func (r random) one(choices ...string) string { return choices[r.IntN(len(choices))] }

func (r random) words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = r.one("a", "an", "and", "café", "cafeteria", "Grün", "groß", "gross", "b", "bath", "Mug", "mugs", "ant")
	}
	return strings.Join(words, " ")
}

func (r random) product(id int64) store.Product {
	p := good(id, r.words(1+r.IntN(3)), r.words(2), r.words(3), r.one("bath", "kitchen", "light"),
		int64(100*r.IntN(20)), r.IntN(3), 1)
	p.Added = p.Added.Add(time.Duration(r.IntN(50)) * time.Hour)
	p.Summary += fmt.Sprintf(" n%d", id%7)
	return p
}

func (r random) query() store.Query {
	return store.Query{
		Text:     r.one("", "", "a", "an and", "CAFE", "cafet", "gru", "gros", "mug b", "bath", "n1", "n2 a mug", "zzz"),
		Category: r.one("", "", "bath", "kitchen", "xyz"),
		MinPrice: int64(r.IntN(2) * 100 * r.IntN(20)),
		MaxPrice: int64(r.IntN(2) * 100 * r.IntN(20)),
		InStock:  r.IntN(2) == 0,
		Sort: store.Sort(r.one(string(store.SortRelevance), string(store.SortName), string(store.SortNewest),
			string(store.SortPriceUp), string(store.SortPriceDown))),
		Page:    1 + r.IntN(5),
		PerPage: 1 + r.IntN(30),
	}
}
