package document

import (
	"net/http"
	"sync"
	"sync/atomic"

	"selvedge/composer/internal/encoding"
)

// artifacts are made of a document when they are first needed.
type artifacts struct {
	includes   atomic.Pointer[resolvedIncludes]
	pageHeader atomic.Pointer[http.Header]
	deflated   sync.Map      // slice of the body to *encoding.Block
	grown      atomic.Bool   // has something that the cache has not weighed
	pageTime   movingAverage // of the pages whose template the document is

	elements, transcoded variants
}

// makeArtifacts returns the artifacts, and makes room for them on first use.
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

// PageHeader returns the header that pages have of the document as their template, as
// StorePageHeader stored it, or nil. It must not be changed.
func (d *Document) PageHeader() http.Header {
	if h := d.makeArtifacts().pageHeader.Load(); h != nil {
		return *h
	}
	return nil
}

// StorePageHeader stores what PageHeader returns.
func (d *Document) StorePageHeader(h http.Header) { d.makeArtifacts().pageHeader.Store(&h) }

// HasGrown reports, once each time, whether the document has artifacts that the cache
// has not weighed.
func (d *Document) HasGrown() bool {
	a := d.artifacts.Load()
	return a != nil && a.grown.Load() && a.grown.CompareAndSwap(true, false)
}
