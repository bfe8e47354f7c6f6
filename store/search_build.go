package store

import (
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// indexed is what the index knows of a product.
type indexed struct {
	id          int64
	name        string
	summary     string
	description string
	category    string
	price       int64
	added       int64
	stock       int
}

// print returns a number that differs when anything but the stock does.
func (p indexed) print(seed maphash.Seed) uint64 {
	p.stock = 0
	return maphash.Comparable(seed, p)
}

// builder makes an index from products that are added in the order of their
// ids.
type builder struct {
	folder *folder
	index  *index

	numbers    map[string]uint32 // of folded words
	known      map[string]uint32 // of words as they are written
	texts      [][]uint32        // slots by the number of a word
	names      [][]uint32
	categories map[string][]uint32

	folded []string // names, by slot
	prices []int64
	added  []int64
	stock  []uint32 // the slots that are in stock
}

func newBuilder() *builder {
	return &builder{
		folder:     newFolder(),
		index:      &index{slots: map[int64]uint32{}, seed: maphash.MakeSeed()},
		numbers:    map[string]uint32{},
		known:      map[string]uint32{},
		categories: map[string][]uint32{},
	}
}

func (b *builder) add(p indexed) {
	x := b.index
	slot := uint32(len(x.ids))
	x.ids = append(x.ids, p.id)
	x.slots[p.id] = slot
	x.prints = append(x.prints, p.print(x.seed))

	b.addWords(slot, p.name, true)
	b.addWords(slot, p.summary, false)
	b.addWords(slot, p.description, false)
	b.addWords(slot, p.category, false)

	b.categories[p.category] = append(b.categories[p.category], slot)
	b.folded = append(b.folded, b.folder.fold(p.name))
	b.prices = append(b.prices, p.price)
	b.added = append(b.added, p.added)
	if p.stock > 0 {
		b.stock = append(b.stock, slot)
	}
}

func (b *builder) addWords(slot uint32, text string, isName bool) {
	for raw := range rawWords(text) {
		n, ok := b.known[raw]
		if !ok {
			raw = strings.Clone(raw) // or the map would hold the whole text
			n = b.number(b.folder.fold(raw))
			b.known[raw] = n
		}
		b.texts[n] = appendOnce(b.texts[n], slot)
		if isName {
			b.names[n] = appendOnce(b.names[n], slot)
		}
	}
}

// number returns the number of a folded word. A word of marks alone folds to
// nothing; it gets one too, and no query asks for it.
func (b *builder) number(word string) uint32 {
	n, ok := b.numbers[word]
	if !ok {
		n = uint32(len(b.texts))
		b.numbers[word] = n
		b.texts = append(b.texts, nil)
		b.names = append(b.names, nil)
	}
	return n
}

func appendOnce(slots []uint32, slot uint32) []uint32 {
	if n := len(slots); n > 0 && slots[n-1] == slot {
		return slots
	}
	return append(slots, slot)
}

// build returns the index of the state after the change with the number last.
func (b *builder) build(last int64) *index {
	x := b.index
	x.last = last
	x.vocabulary = slices.Sorted(maps.Keys(b.numbers))
	x.texts = b.flatten(b.texts)
	x.names = b.flatten(b.names)

	x.all, x.inStock = newBitset(len(x.ids)), newBitset(len(x.ids))
	for slot := range x.ids {
		x.all.add(uint32(slot))
	}
	x.inStock.addAll(b.stock)
	for _, name := range slices.Sorted(maps.Keys(b.categories)) {
		c := category{name: name, slots: newBitset(len(x.ids))}
		c.slots.addAll(b.categories[name])
		x.categories = append(x.categories, c)
	}
	b.sort()
	return x
}

// flatten takes slots by the numbers of words and puts them in the order of
// the vocabulary.
func (b *builder) flatten(byNumber [][]uint32) postings {
	total := 0
	for _, slots := range byNumber {
		total += len(slots)
	}
	p := postings{
		start:   make([]uint32, 1, len(byNumber)+1),
		slots:   make([]uint32, 0, total),
		letters: map[rune]bitset{},
	}
	for _, w := range b.index.vocabulary {
		slots := byNumber[b.numbers[w]]
		p.slots = append(p.slots, slots...)
		p.start = append(p.start, uint32(len(p.slots)))
		letter, _ := utf8.DecodeRuneInString(w)
		if p.letters[letter] == nil {
			p.letters[letter] = newBitset(len(b.index.ids))
		}
		p.letters[letter].addAll(slots)
	}
	return p
}

// sort makes the orders. What is equal stands in the order of ids.
func (b *builder) sort() {
	x := b.index
	x.byPrice = b.sorted(func(i, j uint32) int { return cmp.Compare(b.prices[i], b.prices[j]) })
	x.byPriceDown = b.sorted(func(i, j uint32) int { return cmp.Compare(b.prices[j], b.prices[i]) })
	x.byName = b.sorted(func(i, j uint32) int { return cmp.Compare(b.folded[i], b.folded[j]) })
	x.byNewest = b.sorted(func(i, j uint32) int { return cmp.Compare(b.added[j], b.added[i]) })
	for _, slot := range x.byPrice {
		x.prices = append(x.prices, b.prices[slot])
	}
}

func (b *builder) sorted(compare func(i, j uint32) int) []uint32 {
	order := make([]uint32, len(b.index.ids))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortStableFunc(order, compare)
	return order
}
