package store

import (
	"hash/maphash"
	"sort"
	"strings"
	"unicode/utf8"
)

// index answers queries for all products of one state of the database. It
// numbers the products by slots, in the order of their ids. Only inStock, and
// with it last, can change; any other change of a product needs another index.
type index struct {
	last int64 // the number of the last change of a product that is in here

	ids    []int64          // by slot
	slots  map[int64]uint32 // by id
	prints []uint64         // by slot: all that is indexed of a product but its stock
	seed   maphash.Seed     // of prints

	vocabulary []string // sorted
	texts      postings // of words in name, summary, description and category
	names      postings // of words in names

	all        bitset
	inStock    bitset
	categories []category // sorted by name

	prices      []int64 // of byPrice, so ascending
	byPrice     []uint32
	byPriceDown []uint32
	byName      []uint32
	byNewest    []uint32
}

type category struct {
	name  string
	slots bitset
}

// postings holds, for every word of a vocabulary, the slots that have it. The
// slots of word i are slots[start[i]:start[i+1]], so those of neighboring
// words, and so of a prefix, are neighbors too.
type postings struct {
	start []uint32
	slots []uint32

	// letters holds the slots of the words that begin with a letter: prefixes
	// of one letter have so many that collecting them takes milliseconds.
	letters map[rune]bitset
}

// hits is what an index finds for a query.
type hits struct {
	list List    // without products
	ids  []int64 // of the products of the page
}

// find evaluates a normal query.
func (x *index) find(q Query) hits {
	words := queryWords(q.Text)
	text := x.matches(x.texts, words)
	category := x.category(q.Category)
	price := x.between(q.MinPrice, q.MaxPrice)
	var stock bitset
	if q.InStock {
		stock = x.inStock
	}

	found := text.and(category).and(price).and(stock)
	var h hits
	h.list.Total = found.count()
	h.list.Page, h.list.Pages = q.Page, max(1, (h.list.Total+q.PerPage-1)/q.PerPage)
	h.list.InStock = found.countAnd(x.inStock)
	h.list.Categories = x.count(text.and(price).and(stock))
	h.list.Lowest, h.list.Highest = x.span(text.and(category).and(stock))
	if q.Page <= h.list.Pages {
		h.ids = x.page(q, words, found, h.list.Total)
	}
	return h
}

// matches returns the slots where every word begins a word.
func (x *index) matches(p postings, words []string) bitset {
	found := x.all
	for _, w := range words {
		found = found.and(x.beginning(p, w))
	}
	return found
}

// beginning returns the slots where a word begins with the prefix.
func (x *index) beginning(p postings, prefix string) bitset {
	if letter, size := utf8.DecodeRuneInString(prefix); size == len(prefix) && p.letters[letter] != nil {
		return p.letters[letter]
	}
	lo := sort.SearchStrings(x.vocabulary, prefix)
	n := sort.Search(len(x.vocabulary)-lo, func(i int) bool {
		return !strings.HasPrefix(x.vocabulary[lo+i], prefix)
	})
	set := newBitset(len(x.ids))
	set.addAll(p.slots[p.start[lo]:p.start[lo+n]])
	return set
}

// category returns the slots of a category, or nil for all of them.
func (x *index) category(name string) bitset {
	if name == "" {
		return nil
	}
	for _, c := range x.categories {
		if c.name == name {
			return c.slots
		}
	}
	return newBitset(len(x.ids))
}

// between returns the slots of a price range, or nil for all of them.
func (x *index) between(lowest, highest int64) bitset {
	if lowest <= 0 && highest <= 0 {
		return nil
	}
	lo := sort.Search(len(x.prices), func(i int) bool { return x.prices[i] >= lowest })
	hi := len(x.prices)
	if highest > 0 {
		hi = sort.Search(len(x.prices), func(i int) bool { return x.prices[i] > highest })
	}
	set := newBitset(len(x.ids))
	set.addAll(x.byPrice[lo:max(lo, hi)])
	return set
}

func (x *index) count(found bitset) []CategoryCount {
	counts := make([]CategoryCount, len(x.categories))
	for i, c := range x.categories {
		counts[i] = CategoryCount{Category: c.name, Count: found.countAnd(c.slots)}
	}
	return counts
}

// span returns the lowest and the highest price.
func (x *index) span(found bitset) (lowest, highest Money) {
	for i, slot := range x.byPrice {
		if found.has(slot) {
			lowest = Euro(x.prices[i])
			break
		}
	}
	for i := len(x.byPrice) - 1; i >= 0; i-- {
		if found.has(x.byPrice[i]) {
			return lowest, Euro(x.prices[i])
		}
	}
	return Euro(0), Euro(0)
}

// page returns the ids of the page that the query asks for.
func (x *index) page(q Query, words []string, found bitset, total int) []int64 {
	skip := (q.Page - 1) * q.PerPage
	wanted := min(q.PerPage, total-skip)
	if q.Sort != SortRelevance || len(words) == 0 {
		return x.pick(nil, x.order(q.Sort), found, skip, wanted)
	}
	byName := found.and(x.matches(x.names, words))
	first := byName.count()
	var ids []int64
	if skip < first {
		ids = x.pick(nil, x.byName, byName, skip, min(wanted, first-skip))
	}
	return x.pick(ids, x.byName, found.without(byName), max(0, skip-first), wanted-len(ids))
}

// order returns the slots as they are sorted, or nil for the order of ids.
func (x *index) order(s Sort) []uint32 {
	switch s {
	case SortPriceUp:
		return x.byPrice
	case SortPriceDown:
		return x.byPriceDown
	case SortName:
		return x.byName
	case SortNewest:
		return x.byNewest
	}
	return nil
}

// pick appends the ids of up to wanted slots of a set, in order, after
// skipping some.
func (x *index) pick(ids []int64, order []uint32, found bitset, skip, wanted int) []int64 {
	for i := range uint32(len(x.ids)) {
		if wanted <= 0 {
			break
		}
		slot := i
		if order != nil {
			slot = order[i]
		}
		switch {
		case !found.has(slot):
		case skip > 0:
			skip--
		default:
			ids = append(ids, x.ids[slot])
			wanted--
		}
	}
	return ids
}
