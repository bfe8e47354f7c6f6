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
	ref := newReference(products)
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
		if diff := diff(ref.list(q), got); diff != "" {
			t.Fatalf("Products(%+v) (-want +got):\n%s", q, diff)
		}
	}
}

// reference is the search as its documentation describes it, without any
// thought of speed. Its queries have a page and a size.
type reference struct {
	products []store.Product
	texts    map[int64][][]string // words of the name, the category, and of everything else
	known    map[string]bool
}

func newReference(products []store.Product) reference {
	ref := reference{products, map[int64][][]string{}, map[string]bool{}}
	for _, p := range products {
		rest := p.Summary + " " + p.Description
		for _, s := range p.Specs {
			rest += " " + s.Name + " " + s.Value
		}
		for _, text := range []string{p.Name, p.Category, rest} {
			words := plainWords(text)
			ref.texts[p.ID] = append(ref.texts[p.ID], words)
			for _, w := range words {
				ref.known[w] = true
			}
		}
	}
	return ref
}

func (ref reference) list(q store.Query) store.List {
	anyCategory, anyPrice, inStock := q, q, q
	anyCategory.Category = ""
	anyPrice.MinPrice, anyPrice.MaxPrice = 0, 0
	inStock.InStock = true

	found := ref.filter(q)
	ranks := map[int64]int{}
	for _, p := range found {
		ranks[p.ID] = ref.rank(p, q.Text)
	}
	slices.SortStableFunc(found, func(a, b store.Product) int { return order(q, ranks, a, b) })
	l := store.List{
		Total: len(found), InStock: len(ref.filter(inStock)),
		Page: q.Page, Pages: max(1, (len(found)+q.PerPage-1)/q.PerPage),
		Lowest: store.Euro(0), Highest: store.Euro(0),
	}
	for i, p := range found {
		if i/q.PerPage+1 == q.Page {
			l.Products = append(l.Products, p)
		}
	}
	counts := map[string]int{}
	for _, p := range ref.products {
		counts[p.Category] += 0
	}
	for _, p := range ref.filter(anyCategory) {
		counts[p.Category]++
	}
	for category, n := range counts {
		l.Categories = append(l.Categories, store.CategoryCount{Category: category, Count: n})
	}
	slices.SortFunc(l.Categories, func(a, b store.CategoryCount) int { return cmp.Compare(a.Category, b.Category) })
	if span := ref.filter(anyPrice); len(span) > 0 {
		byPrice := func(a, b store.Product) int { return cmp.Compare(a.Price.Amount, b.Price.Amount) }
		l.Lowest, l.Highest = slices.MinFunc(span, byPrice).Price, slices.MaxFunc(span, byPrice).Price
	}
	return l
}

func (ref reference) filter(q store.Query) []store.Product {
	var found []store.Product
	for _, p := range ref.products {
		if ref.rank(p, q.Text) >= 0 &&
			(q.Category == "" || p.Category == q.Category) &&
			p.Price.Amount >= q.MinPrice && (q.MaxPrice == 0 || p.Price.Amount <= q.MaxPrice) &&
			(!q.InStock || p.Stock > 0) {
			found = append(found, p)
		}
	}
	return found
}

// rank returns the sum of the levels at which a product has the words of a text,
// or -1 if it lacks one.
func (ref reference) rank(p store.Product, text string) int {
	sum := 0
	words := plainWords(text)
	for i, w := range words {
		l := ref.level(p, w, i+1 == len(words))
		if l < 0 {
			return -1
		}
		sum += l
	}
	return sum
}

func (ref reference) level(p store.Product, word string, isLast bool) int {
	for i, words := range ref.texts[p.ID] {
		if slices.Contains(words, word) {
			return 2 * i
		}
		begins := len(word) > 1 || i < 2
		if ref.known[word] {
			begins = len(word) > 1 && i == 0 && isLast
		}
		if begins && slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, word) }) {
			return 2*i + 1
		}
	}
	return -1
}

func order(q store.Query, ranks map[int64]int, a, b store.Product) int {
	byName := strings.Compare(plain(a.Name), plain(b.Name))
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
	return cmp.Or(cmp.Compare(ranks[a.ID], ranks[b.ID]), byName)
}

// plain returns a text without case and accents.
func plain(text string) string {
	return withoutAccents.Replace(strings.ToLower(text))
}

var withoutAccents = strings.NewReplacer("é", "e", "ü", "u", "ß", "ss")

// plainWords returns the words of a text, without those that say nothing.
func plainWords(text string) []string {
	words := strings.Fields(strings.ReplaceAll(plain(text), "mugs", "mug"))
	return slices.DeleteFunc(words, func(w string) bool { return w == "a" || w == "an" || w == "and" })
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
		Text:     r.one("", "", "b", "an ant", "CAFE", "cafet", "gru", "gros", "mug b", "mugs bath", "bath", "n1", "n2 a mug", "zzz", "c"),
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
