package storetest

import (
	"math"
	"testing"

	"selvedge/store"
)

func testSearch(t *testing.T, open func(testing.TB) *store.Store) {
	t.Run("An empty shop has one empty page.", func(t *testing.T) {
		got, err := open(t).Products(t.Context(), store.Query{Text: "mug"})
		want := store.List{Page: 1, Pages: 1, Categories: []store.CategoryCount{}, Lowest: store.Euro(0), Highest: store.Euro(0)}
		if diff := diff(want, got); diff != "" || err != nil {
			t.Errorf("Products: %v (-want +got):\n%s", err, diff)
		}
	})
	s := open(t)
	fill(t, s, goods()...)
	t.Run("which products", func(t *testing.T) { testWhich(t, s) })
	t.Run("pages", func(t *testing.T) { testPages(t, s) })
	t.Run("counts", func(t *testing.T) { testCounts(t, s) })
	t.Run("random", func(t *testing.T) { testRandom(t, open(t)) })
	t.Run("A list has its products as they are.", func(t *testing.T) {
		want, err := s.SetStock(t.Context(), 14, 1)
		if err != nil {
			t.Fatal(err)
		}
		list, err := s.Products(t.Context(), store.Query{Text: "strassenlampe"})
		if diff := diff([]store.Product{want}, list.Products); diff != "" || err != nil {
			t.Errorf("Products: %v (-want +got):\n%s", err, diff)
		}
	})
}

func testWhich(t *testing.T, s *store.Store) {
	for _, tt := range []struct {
		name  string
		query store.Query
		want  []int64
	}{
		{"Without anything all are found, by id.", store.Query{}, []int64{11, 12, 13, 14, 15, 16, 17}},
		{"A word is found in names first, each part by name.", store.Query{Text: "linen"}, []int64{11, 15, 14}},
		{"A word is found by how it begins.", store.Query{Text: "cott"}, []int64{16, 15}},
		{"A letter begins words of names and categories.", store.Query{Text: "t"}, []int64{15}},
		{"A word is found in its other forms.", store.Query{Text: "towels dry"}, []int64{15}},
		{"A word is not found by how it ends.", store.Query{Text: "owel"}, nil},
		{"A word is found in a category.", store.Query{Text: "living"}, []int64{17}},
		{"A word is found in a summary.", store.Query{Text: "torch"}, []int64{12}},
		{"A word is found in a specification.", store.Query{Text: "hemp apron"}, []int64{11}},
		{"A word is found in the name of a specification.", store.Query{Text: "care stool"}, []int64{17}},
		{"All words must be found.", store.Query{Text: "cotton portugal"}, []int64{16}},
		{"Words may be found in different texts.", store.Query{Text: "bath fast"}, []int64{15}},
		{"The order of words does not count.", store.Query{Text: "set brulee"}, []int64{12}},
		{"A word may be said twice.", store.Query{Text: "mug mu mug MUG"}, []int64{13, 17}},
		{"One word that is nowhere finds nothing.", store.Query{Text: "bath xyz"}, nil},
		{"Case does not count.", store.Query{Text: "LINEN aPRON"}, []int64{11}},
		{"Accents of the shop do not count.", store.Query{Text: "creme brulee"}, []int64{12}},
		{"Accents of the buyer do not count.", store.Query{Text: "lînéñ äpron"}, []int64{11}},
		{"Accents that stand alone do not count.", store.Query{Text: "cafe\u0301"}, []int64{13}},
		{"A sharp s is two.", store.Query{Text: "strasse"}, []int64{14}},
		{"Two s are a sharp one, of either case.", store.Query{Text: "STRAẞEN"}, []int64{14}},
		{"Signs separate words.", store.Query{Text: "\"bath\",towel!"}, []int64{15}},
		{"Signs alone find nothing.", store.Query{Text: " \t-%_*'\"; "}, nil},
		{"Space alone finds everything.", store.Query{Text: " \t\u00a0"}, []int64{11, 12, 13, 14, 15, 16, 17}},
		{"What is no text finds what its words do.", store.Query{Text: "mug\xff\x00"}, []int64{13, 17}},
		{"A category finds its products.", store.Query{Category: "bath"}, []int64{15, 16}},
		{"An unknown category finds nothing.", store.Query{Category: "garden"}, nil},
		{"The case of a category counts.", store.Query{Category: "Bath"}, nil},
		{"The lowest price is among those found.", store.Query{MinPrice: 4500}, []int64{11, 14, 17}},
		{"The highest price is among those found.", store.Query{MaxPrice: 2450}, []int64{13, 15, 16}},
		{"One price is a range.", store.Query{MinPrice: 2450, MaxPrice: 2450}, []int64{15, 16}},
		{"A range of no prices finds nothing.", store.Query{MinPrice: 3000, MaxPrice: 2000}, nil},
		{"A price beyond all finds nothing.", store.Query{MinPrice: math.MaxInt64}, nil},
		{"A negative price is no bound.", store.Query{MinPrice: -5, MaxPrice: -1, Category: "bath"}, []int64{15, 16}},
		{"What is sold out is not in stock.", store.Query{InStock: true}, []int64{11, 13, 14, 15, 16, 17}},
		{"Everything at once.", store.Query{Text: "b", Category: "bath", MinPrice: 1000, MaxPrice: 3000, InStock: true, Sort: store.SortNewest}, []int64{16, 15}},
		{"By price, equal ones by id.", store.Query{Sort: store.SortPriceUp}, []int64{13, 15, 16, 12, 11, 14, 17}},
		{"By price down, equal ones by id.", store.Query{Sort: store.SortPriceDown}, []int64{17, 14, 11, 12, 15, 16, 13}},
		{"By name, without accents.", store.Query{Sort: store.SortName}, []int64{16, 15, 13, 12, 11, 17, 14}},
		{"The newest first.", store.Query{Sort: store.SortNewest}, []int64{12, 17, 14, 13, 11, 16, 15}},
		{"Another order takes no notice of names.", store.Query{Text: "linen", Sort: store.SortPriceUp}, []int64{15, 11, 14}},
		{"An unknown order is that of relevance.", store.Query{Text: "linen", Sort: "color"}, []int64{11, 15, 14}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, err := s.Products(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := diff(tt.want, ids(list.Products)); diff != "" {
				t.Errorf("Products(%+v) (-want +got):\n%s", tt.query, diff)
			}
			if list.Total != len(tt.want) {
				t.Errorf("Total = %d; want %d", list.Total, len(tt.want))
			}
		})
	}
}

func ids(products []store.Product) []int64 {
	var ids []int64
	for _, p := range products {
		ids = append(ids, p.ID)
	}
	return ids
}

func testPages(t *testing.T, s *store.Store) {
	type result struct {
		IDs         []int64
		Page, Pages int
		Total       int
	}
	for _, tt := range []struct {
		name  string
		query store.Query
		want  result
	}{
		{"The first page is the default.", store.Query{PerPage: 3}, result{[]int64{11, 12, 13}, 1, 3, 7}},
		{"The second page goes on.", store.Query{PerPage: 3, Page: 2}, result{[]int64{14, 15, 16}, 2, 3, 7}},
		{"The last page has the rest.", store.Query{PerPage: 3, Page: 3}, result{[]int64{17}, 3, 3, 7}},
		{"A page after the last has nothing.", store.Query{PerPage: 3, Page: 4}, result{nil, 4, 3, 7}},
		{"The page after all others has nothing.", store.Query{PerPage: 3, Page: math.MaxInt}, result{nil, math.MaxInt, 3, 7}},
		{"A page whose first product has no number has nothing.", store.Query{PerPage: 4, Page: 1<<62 + 1}, result{nil, 1<<62 + 1, 2, 7}},
		{"A negative page is the first.", store.Query{PerPage: 3, Page: -1}, result{[]int64{11, 12, 13}, 1, 3, 7}},
		{"A full last page is the last.", store.Query{PerPage: 7}, result{[]int64{11, 12, 13, 14, 15, 16, 17}, 1, 1, 7}},
		{"A negative size is the default.", store.Query{PerPage: -1, Text: "bath towel"}, result{[]int64{15}, 1, 1, 1}},
		{"Nothing found is one page.", store.Query{Text: "xyz"}, result{nil, 1, 1, 0}},
		{"A page may hold names and others.", store.Query{Text: "mug", PerPage: 2}, result{[]int64{13, 17}, 1, 1, 2}},
		{"A page may begin after the names.", store.Query{Text: "mug", PerPage: 1, Page: 2}, result{[]int64{17}, 2, 2, 2}},
		{"A page may end before the others.", store.Query{Text: "mug", PerPage: 1}, result{[]int64{13}, 1, 2, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := s.Products(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := diff(tt.want, result{ids(l.Products), l.Page, l.Pages, l.Total}); diff != "" {
				t.Errorf("Products(%+v) (-want +got):\n%s", tt.query, diff)
			}
		})
	}
}

func testCounts(t *testing.T, s *store.Store) {
	counts := func(bath, kitchen, light, living int) []store.CategoryCount {
		return []store.CategoryCount{
			{Category: "bath", Count: bath}, {Category: "kitchen", Count: kitchen},
			{Category: "light", Count: light}, {Category: "living", Count: living},
		}
	}
	for _, tt := range []struct {
		name            string
		query           store.Query
		categories      []store.CategoryCount
		inStock         int
		lowest, highest int64
	}{
		{"Without anything all are counted.", store.Query{}, counts(2, 3, 1, 1), 6, 1450, 12900},
		{"A category counts the others too.", store.Query{Category: "kitchen"}, counts(2, 3, 1, 1), 2, 1450, 4500},
		{"An unknown category counts the others.", store.Query{Category: "xyz"}, counts(2, 3, 1, 1), 0, 0, 0},
		{"Words count what they find.", store.Query{Text: "linen"}, counts(1, 1, 1, 0), 3, 2450, 8900},
		{"Prices do not narrow their own span.", store.Query{MinPrice: 2500, MaxPrice: 5000}, counts(0, 2, 0, 0), 1, 1450, 12900},
		{"A price range of nothing keeps the span.", store.Query{MinPrice: 1, MaxPrice: 2, Category: "bath"}, counts(0, 0, 0, 0), 0, 2450, 2450},
		{"In stock counts what can be bought.", store.Query{InStock: true}, counts(2, 2, 1, 1), 6, 1450, 12900},
		{"Counts are of all pages.", store.Query{PerPage: 1, Page: 3}, counts(2, 3, 1, 1), 6, 1450, 12900},
		{"Nothing found counts nothing.", store.Query{Text: "xyz"}, counts(0, 0, 0, 0), 0, 0, 0},
		{"Everything at once.", store.Query{Text: "co", Category: "kitchen", InStock: true, MaxPrice: 2000}, counts(0, 1, 0, 0), 1, 1450, 4500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := s.Products(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			got.Products, got.Total, got.Page, got.Pages = nil, 0, 0, 0
			want := store.List{
				Categories: tt.categories, InStock: tt.inStock,
				Lowest: store.Euro(tt.lowest), Highest: store.Euro(tt.highest),
			}
			if diff := diff(want, got); diff != "" {
				t.Errorf("Products(%+v) (-want +got):\n%s", tt.query, diff)
			}
		})
	}
}
