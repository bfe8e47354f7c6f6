package search

import (
	"slices"
	"sort"
)

// Index answers queries for all products of one state of the shop. It numbers
// the products by slots, in the order of their ids. Find may be called from many
// goroutines, but not while the stock is changed.
type Index struct {
	last int64 // the number of the last change that is in here
	ids  []int64

	words     []string // the vocabulary, sorted
	stems     []string // of the words of stemWords, sorted
	stemWords []uint32 // places in words
	postings  [fields]postings

	inStock    bitset
	categories []category // sorted by name
	prices     []int64    // ascending
	orders     [orders][]uint32
}

type category struct {
	name  string
	slots bitset
}

// field is a part of a product in which words are found.
type field int

const (
	inName field = iota
	inCategory
	inText
	fields
)

// Query selects products. Page and PerPage are at least 1.
type Query struct {
	Text     string
	Category string // empty: all
	MinPrice int64  // 0: no lower bound
	MaxPrice int64  // 0: no upper bound
	InStock  bool
	Order    Order
	Page     int
	PerPage  int
}

// Hits is what an index finds for a query.
type Hits struct {
	IDs     []int64 // of the products of the page
	Total   int
	Pages   int
	InStock int // how many of Total

	Categories      []Count // for the query without its category
	Lowest, Highest int64   // prices, for the query without its own

	Corrected   string   // what was searched for in place of Text, or empty
	Suggestions []string // texts that find something where Text finds nothing
}

// Count is a category and how many products are found in it.
type Count struct {
	Category string
	Count    int
}

// Last returns the number of the last change that the index has.
func (x *Index) Last() int64 { return x.last }

// SetLast says that the index has all changes up to one.
func (x *Index) SetLast(last int64) { x.last = last }

// SetStock says whether a product can be bought.
func (x *Index) SetStock(id int64, inStock bool) {
	slot, ok := slices.BinarySearch(x.ids, id)
	switch {
	case !ok:
	case inStock:
		x.inStock.add(uint32(slot))
	default:
		x.inStock.remove(uint32(slot))
	}
}

// Find answers a query.
func (x *Index) Find(q Query) Hits {
	m := x.findText(q.Text)
	category := x.category(q.Category)
	price := x.between(q.MinPrice, q.MaxPrice)
	stock := x.all()
	if q.InStock {
		stock = x.inStock
	}

	anyCategory := m.found.and(price).and(stock)
	found := anyCategory.and(category)
	h := Hits{
		Total:       found.count(),
		InStock:     found.countAnd(x.inStock),
		Categories:  x.count(anyCategory),
		Corrected:   m.corrected,
		Suggestions: m.suggestions,
	}
	h.Pages = max(1, (h.Total+q.PerPage-1)/q.PerPage)
	h.Lowest, h.Highest = x.span(m.found.and(category).and(stock))
	if q.Page <= h.Pages {
		h.IDs = x.page(q, m, found, h.Total)
	}
	return h
}

// all returns all slots.
func (x *Index) all() bitset {
	set := newBitset(len(x.ids))
	for i := range set {
		set[i] = ^uint64(0)
	}
	if rest := len(x.ids) % 64; rest > 0 {
		set[len(set)-1] = 1<<rest - 1
	}
	return set
}

// category returns the slots of a category.
func (x *Index) category(name string) bitset {
	if name == "" {
		return x.all()
	}
	for _, c := range x.categories {
		if c.name == name {
			return c.slots
		}
	}
	return newBitset(len(x.ids))
}

// between returns the slots of a price range.
func (x *Index) between(lowest, highest int64) bitset {
	if lowest <= 0 && highest <= 0 {
		return x.all()
	}
	lo := sort.Search(len(x.prices), func(i int) bool { return x.prices[i] >= lowest })
	hi := len(x.prices)
	if highest > 0 {
		hi = sort.Search(len(x.prices), func(i int) bool { return x.prices[i] > highest })
	}
	set := newBitset(len(x.ids))
	set.addAll(x.orders[ByPrice][lo:max(lo, hi)])
	return set
}

func (x *Index) count(found bitset) []Count {
	counts := make([]Count, len(x.categories))
	for i, c := range x.categories {
		counts[i] = Count{Category: c.name, Count: found.countAnd(c.slots)}
	}
	return counts
}

// span returns the lowest and the highest price.
func (x *Index) span(found bitset) (lowest, highest int64) {
	byPrice := x.orders[ByPrice]
	isFound := func(slot uint32) bool { return found.has(slot) }
	if first := slices.IndexFunc(byPrice, isFound); first >= 0 {
		lowest = x.prices[first]
	}
	for i := len(byPrice) - 1; i >= 0; i-- {
		if isFound(byPrice[i]) {
			return lowest, x.prices[i]
		}
	}
	return 0, 0
}
