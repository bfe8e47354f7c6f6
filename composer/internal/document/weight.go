package document

import (
	"net/url"
	"unsafe"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/encoding"
)

// Memory beside the objects of known size, in bytes: a compressed text in a sync.Map, and
// the map itself. The map is a tree of nodes with 16 places. Two texts in one place get a
// further node.
const (
	deflatedWeight    = 176
	deflatedMapWeight = 240
	deflatedMapNode   = 160
)

// Weight returns the approximate memory size of the document, in bytes.
func (d *Document) Weight() int {
	return int(unsafe.Sizeof(*d)) + d.program.Size() + d.links.weight() + d.artifacts.Load().weight()
}

func (l *links) weight() int {
	if l == nil {
		return 0
	}
	weight := cache.AllocatedSize(int(unsafe.Sizeof(*l))) + cache.TextsWeight(l.stylesheets)
	for i := range l.all {
		link := &l.all[i]
		weight += int(unsafe.Sizeof(*link))
		for _, text := range []string{link.Target, link.AsField, link.AsHint} {
			weight += cache.AllocatedSize(len(text))
		}
	}
	return weight
}

func (a *artifacts) weight() int {
	if a == nil {
		return 0
	}
	weight := cache.AllocatedSize(int(unsafe.Sizeof(*a)))
	if includes := a.includes.Load(); includes != nil {
		weight += int(unsafe.Sizeof(*includes)) + cache.MapWeight(includes.static) + len(includes.static)*cache.AllocatedSize(int(unsafe.Sizeof(url.URL{})))
	}
	if h := a.pageHeader.Load(); h != nil {
		weight += int(unsafe.Sizeof(h)) + cache.MapWeight(*h)
		for _, values := range *h {
			weight += len(values) * int(unsafe.Sizeof("")) // their texts belong to the response
		}
	}
	weight += a.elements.weight() + a.transcoded.weight()
	return weight + a.deflatedTextsWeight()
}

func (a *artifacts) deflatedTextsWeight() int {
	weight, n := 0, 0
	a.deflated.Range(func(_, text any) bool {
		weight += deflatedWeight + cache.AllocatedSize(len(text.(*encoding.Block).Bytes))
		n++
		return true
	})
	if n == 0 {
		return 0
	}
	return deflatedMapWeight + weight + n*min(n, 16)/64*deflatedMapNode
}
