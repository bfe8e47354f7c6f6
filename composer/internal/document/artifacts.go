package document

import (
	"net/http"
	"sync"
	"sync/atomic"

	"selvedge/composer/internal/encoding"
)

// artifacts are derived from a document on first use.
type artifacts struct {
	includes   atomic.Pointer[resolvedIncludes]
	pageHeader atomic.Pointer[http.Header]
	deflated   sync.Map      // slice of the body to *encoding.Block
	grown      atomic.Bool   // the cache has not weighed some artifact
	pageTime   movingAverage // of the pages with this document as their template

	elements, transcoded variants
}

// makeArtifacts returns the artifacts, and creates them on first use.
func (d *Document) makeArtifacts() *artifacts {
	if d.artifacts.Load() == nil {
		d.artifacts.CompareAndSwap(nil, new(artifacts))
	}
	return d.artifacts.Load()
}

// slice identifies a part of a body.
type slice struct {
	first  *byte
	length int
}

// Deflate returns a part of the body compressed. Each part is compressed once.
func (d *Document) Deflate(part []byte) encoding.Block {
	a := d.makeArtifacts()
	key := slice{&part[0], len(part)}
	if block, ok := a.deflated.Load(key); ok {
		return *block.(*encoding.Block)
	}
	block := encoding.Deflate(part, encoding.StoredLevel)
	a.deflated.Store(key, &block)
	a.grown.Store(true)
	return block
}

// PageHeader returns the stored header for pages with the document as their template, or
// nil. The caller must not change the header.
func (d *Document) PageHeader() http.Header {
	if h := d.makeArtifacts().pageHeader.Load(); h != nil {
		return *h
	}
	return nil
}

// StorePageHeader stores the header for PageHeader.
func (d *Document) StorePageHeader(h http.Header) { d.makeArtifacts().pageHeader.Store(&h) }

// HasGrown reports whether the document has artifacts not yet weighed by the cache. It
// reports each growth once.
func (d *Document) HasGrown() bool {
	a := d.artifacts.Load()
	return a != nil && a.grown.Load() && a.grown.CompareAndSwap(true, false)
}
