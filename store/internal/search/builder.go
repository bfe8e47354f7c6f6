package search

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Product is what an index knows of a product.
type Product struct {
	ID       int64
	Name     string
	Category string
	Texts    []string // what else is said of it
	Price    int64
	Added    int64
	InStock  bool
}

// Builder makes an index of products that are added in the order of their ids.
type Builder struct {
	folder *folder
	index  *Index
	tokens []token // of a text, reused

	known      map[string]uint32 // numbers of words by how they are written
	numbers    map[string]uint32 // by how they are compared
	lists      [fields][]list    // by the number of a word
	categories map[string][]uint32

	folded []string // names, by slot
	prices []int64
	added  []int64
	stock  []uint32 // the slots that are in stock
}

// NewBuilder returns a Builder without products.
func NewBuilder() *Builder {
	return &Builder{
		folder:     newFolder(),
		index:      &Index{},
		known:      map[string]uint32{},
		numbers:    map[string]uint32{},
		categories: map[string][]uint32{},
	}
}

// Add adds a product.
func (b *Builder) Add(p Product) {
	slot := uint32(len(b.index.ids))
	b.index.ids = append(b.index.ids, p.ID)

	b.addWords(slot, inName, p.Name)
	b.addWords(slot, inCategory, p.Category)
	for _, text := range p.Texts {
		b.addWords(slot, inText, text)
	}

	b.categories[p.Category] = append(b.categories[p.Category], slot)
	b.folded = append(b.folded, b.folder.fold(p.Name))
	b.prices = append(b.prices, p.Price)
	b.added = append(b.added, p.Added)
	if p.InStock {
		b.stock = append(b.stock, slot)
	}
}

// noWord is the number of runs that are not indexed.
const noWord = ^uint32(0)

func (b *Builder) addWords(slot uint32, f field, text string) {
	b.tokens = appendTokens(b.tokens[:0], text)
	for _, t := range b.tokens {
		n, ok := b.known[t.raw]
		if !ok {
			n = b.number(t.raw, "")
		}
		if n != noWord {
			b.lists[f][n].add(slot)
		}
		if t.unit == "" {
			continue
		}
		if n, ok = b.known[t.raw+" "+t.unit]; !ok {
			n = b.number(t.raw, t.unit)
		}
		b.lists[f][n].add(slot)
	}
}

// number returns the number of a word. It remembers how the word is written.
func (b *Builder) number(raw, unit string) uint32 {
	word := b.folder.word(raw) + unit
	n, ok := b.numbers[word]
	switch {
	case word == "" || stopWords[word]:
		n = noWord
	case !ok:
		n = uint32(len(b.numbers))
		b.numbers[strings.Clone(word)] = n // or the map would hold the whole text
		for f := range b.lists {
			b.lists[f] = append(b.lists[f], list{})
		}
	}
	if unit != "" {
		raw += " " + unit
	}
	b.known[strings.Clone(raw)] = n
	return n
}

// Build returns the index of the products. Last is the number of the last
// change that they have.
func (b *Builder) Build(last int64) *Index {
	x := b.index
	x.last = last
	x.words = slices.Sorted(maps.Keys(b.numbers))
	for f := range b.lists {
		x.postings[f] = b.flatten(b.lists[f])
	}
	x.sortStems()

	x.inStock = newBitset(len(x.ids))
	x.inStock.addAll(b.stock)
	for _, name := range slices.Sorted(maps.Keys(b.categories)) {
		c := category{name: name, slots: newBitset(len(x.ids))}
		c.slots.addAll(b.categories[name])
		x.categories = append(x.categories, c)
	}
	b.sort()
	return x
}

// flatten puts lists into the order of the vocabulary.
func (b *Builder) flatten(lists []list) postings {
	size := 0
	for _, l := range lists {
		size += len(l.data)
	}
	p := postings{start: make([]uint32, 1, len(lists)+1), data: make([]byte, 0, size)}
	for _, w := range b.index.words {
		p.data = append(p.data, lists[b.numbers[w]].data...)
		p.start = append(p.start, uint32(len(p.data)))
	}
	return p
}

// sort makes the orders. What is equal stands in the order of ids.
func (b *Builder) sort() {
	x := b.index
	x.orders[ByPrice] = b.sorted(func(i, j uint32) int { return cmp.Compare(b.prices[i], b.prices[j]) })
	x.orders[ByPriceDown] = b.sorted(func(i, j uint32) int { return cmp.Compare(b.prices[j], b.prices[i]) })
	x.orders[ByName] = b.sorted(func(i, j uint32) int { return cmp.Compare(b.folded[i], b.folded[j]) })
	x.orders[ByNewest] = b.sorted(func(i, j uint32) int { return cmp.Compare(b.added[j], b.added[i]) })
	for _, slot := range x.orders[ByPrice] {
		x.prices = append(x.prices, b.prices[slot])
	}
}

func (b *Builder) sorted(compare func(i, j uint32) int) []uint32 {
	order := make([]uint32, len(b.index.ids))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortStableFunc(order, compare)
	return order
}
