package sqlite_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"selvedge/store"
	"selvedge/store/sqlite"
)

const benchmarkSize = 100_000

// BenchmarkSearch searches a shop of 100,000 products.
func BenchmarkSearch(b *testing.B) {
	s := filled(b, benchmarkSize)
	lastPage := func(q store.Query) store.Query {
		list, err := s.Products(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		q.Page = list.Pages
		return q
	}
	all := store.Query{Text: "sto mat", Category: "kitchen", MinPrice: 2000, MaxPrice: 9000, InStock: true, Sort: store.SortPriceUp}
	for _, bm := range []struct {
		name  string
		query store.Query
	}{
		{"no text", store.Query{}},
		{"no text by name last page", lastPage(store.Query{Sort: store.SortName})},
		{"one common letter", store.Query{Text: "s"}},
		{"one common letter last page", lastPage(store.Query{Text: "s"})},
		{"two words", store.Query{Text: "linen blue"}},
		{"another form", store.Query{Text: "larger woolens"}},
		{"a typing mistake", store.Query{Text: "lniens blue"}},
		{"a joined word", store.Query{Text: "linenblue"}},
		{"split words", store.Query{Text: "ba celin"}},
		{"a measure", store.Query{Text: "42 cm"}},
		{"twelve words", store.Query{Text: "linen cotton wool oak steel blue red green small large soft warm"}},
		{"two words filters sort last page", lastPage(all)},
		{"nothing found", store.Query{Text: "lnnien blluue"}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			found := 0
			var times []time.Duration
			for b.Loop() {
				began := time.Now()
				list, err := s.Products(b.Context(), bm.query)
				if err != nil {
					b.Fatal(err)
				}
				found = list.Total
				times = append(times, time.Since(began))
			}
			slices.Sort(times)
			b.ReportMetric(float64(found), "products")
			b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// BenchmarkSearchAfterChange changes the stock of a product before each
// search, whose index has to follow.
func BenchmarkSearchAfterChange(b *testing.B) {
	s := filled(b, benchmarkSize)
	stock := 0
	for b.Loop() {
		b.StopTimer()
		stock++
		if _, err := s.SetStock(b.Context(), int64(1+stock%benchmarkSize), stock%100); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if _, err := s.Products(b.Context(), store.Query{Text: "linen", InStock: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart opens a shop of 100,000 products and answers the first query,
// with the index that an earlier one has saved. The stock of a tenth of them has
// changed since.
func BenchmarkStart(b *testing.B) { benchmarkStart(b, "") }

// BenchmarkStartAnew is without a saved index.
func BenchmarkStartAnew(b *testing.B) { benchmarkStart(b, "DELETE FROM search_index") }

func benchmarkStart(b *testing.B, before string) {
	path := filepath.Join(b.TempDir(), "shop.db")
	s := open(b, path)
	fill(b, s, benchmarkSize)
	if _, err := s.Products(b.Context(), store.Query{}); err != nil {
		b.Fatal(err)
	}
	execute(b, path, "UPDATE changes SET last = last + 1")
	execute(b, path, "UPDATE products SET stock = stock + 1, changed = (SELECT last FROM changes) WHERE id % 10 = 0")
	var size uint64
	for b.Loop() {
		b.StopTimer()
		if before != "" {
			execute(b, path, before)
		}
		b.StartTimer()
		used := heap()
		s := open(b, path)
		if _, err := s.Products(b.Context(), store.Query{}); err != nil {
			b.Fatal(err)
		}
		size = heap() - used
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size)/(1<<20), "MiB")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// filled returns a store with n products whose index is built.
func filled(b *testing.B, n int) *store.Store {
	s := open(b, filepath.Join(b.TempDir(), "shop.db"))
	fill(b, s, n)
	if _, err := s.Products(b.Context(), store.Query{}); err != nil {
		b.Fatal(err)
	}
	return s
}

func fill(tb testing.TB, s *store.Store, n int) {
	tb.Helper()
	if _, err := s.Fill(tb.Context(), generate(n)); err != nil {
		tb.Fatal(err)
	}
}

// open opens a store that is closed when the test ends.
func open(tb testing.TB, path string) *store.Store {
	tb.Helper()
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// generate makes products whose texts are about as long and as varied as those
// of a shop: a fifth of their words are common ones, the others come from a
// vocabulary of some thousands.
func generate(n int) iter.Seq[store.Product] {
	return func(yield func(store.Product) bool) {
		g := generator{rand.New(rand.NewPCG(1, 2))}
		for id := range n {
			if !yield(g.product(int64(id + 1))) {
				return
			}
		}
	}
}

type generator struct{ *rand.Rand }

var (
	common     = strings.Fields("linen cotton wool oak steel blue red green small large soft warm stone matte simple with and for the from")
	syllables  = strings.Fields("ba ce di fo gu ha ke li mo nu pa re si to vu wa sta bri clé dro fla grü pla sko tre mat lin")
	categories = strings.Fields("kitchen bath desk garden textiles light storage travel")
)

func (g generator) product(id int64) store.Product {
	return store.Product{
		ID:          id,
		Name:        g.words(3 + g.IntN(2)),
		Summary:     g.words(12) + ".",
		Description: g.words(40) + ".\n\n" + g.words(30) + ".",
		Category:    categories[g.IntN(len(categories))],
		Price:       store.Euro(int64(200 + 10*g.IntN(3000))),
		Specs: []store.Spec{
			{Name: "Material", Value: g.word()}, {Name: "Width", Value: fmt.Sprint(g.IntN(90), " cm")},
			{Name: "Height", Value: fmt.Sprint(g.IntN(90), " cm")}, {Name: "Weight", Value: fmt.Sprint(g.IntN(900), " g")},
			{Name: "Care", Value: g.words(3)},
		},
		Pictures: []store.Picture{
			{Name: fmt.Sprintf("mug.moss.stripe.%d.front", id), Alt: g.words(6)},
			{Name: fmt.Sprintf("mug.moss.stripe.%d.side", id), Alt: g.words(6)},
		},
		Stock: max(0, g.IntN(60)-10),
		Added: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(g.IntN(600)) * 24 * time.Hour),
	}
}

func (g generator) words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = g.word()
	}
	return strings.Join(words, " ")
}

func (g generator) word() string {
	if g.IntN(5) == 0 {
		return common[g.IntN(len(common))]
	}
	var b strings.Builder
	for range 2 + g.IntN(2) {
		b.WriteString(syllables[g.IntN(len(syllables))])
	}
	return b.String()
}
