package search

import (
	"bytes"
	"encoding/gob"
	"fmt"
)

// Format is the number of the form in which Encode writes an index. It grows
// with every change of that form and of how texts are cut into words.
const Format = 1

// saved is an index as it is encoded.
type saved struct {
	Last       int64
	IDs        []int64
	Words      []string
	Stems      []string
	StemWords  []uint32
	Starts     [fields][]uint32
	Data       [fields][]byte
	InStock    []uint64
	Categories []string
	Members    [][]uint64 // of the categories
	Prices     []int64
	Orders     [orders][]uint32
}

// Encode returns the index in a form that Decode takes.
func (x *Index) Encode() ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(x.saved()); err != nil {
		return nil, fmt.Errorf("encode index: %w", err)
	}
	return b.Bytes(), nil
}

func (x *Index) saved() saved {
	s := saved{
		Last: x.last, IDs: x.ids, Words: x.words, Stems: x.stems, StemWords: x.stemWords,
		InStock: x.inStock, Prices: x.prices, Orders: x.orders,
	}
	for f, p := range x.postings {
		s.Starts[f], s.Data[f] = p.start, p.data
	}
	for _, c := range x.categories {
		s.Categories, s.Members = append(s.Categories, c.name), append(s.Members, c.slots)
	}
	return s
}

// Decode returns an index that Encode of the same Format has written.
func Decode(encoded []byte) (*Index, error) {
	var s saved
	if err := gob.NewDecoder(bytes.NewReader(encoded)).Decode(&s); err != nil {
		return nil, fmt.Errorf("decode index: %w", err)
	}
	x := &Index{
		last: s.Last, ids: s.IDs, words: s.Words, stems: s.Stems, stemWords: s.StemWords,
		inStock: s.InStock, prices: s.Prices, orders: s.Orders,
	}
	for f := range x.postings {
		x.postings[f] = postings{s.Starts[f], s.Data[f]}
	}
	for i, name := range s.Categories {
		x.categories = append(x.categories, category{name, s.Members[i]})
	}
	return x, nil
}
