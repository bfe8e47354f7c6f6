package composer

import (
	"net/http"
	"sync"
	"sync/atomic"

	"selvedge/composer/esi"
	"selvedge/composer/internal/encoding"
)

// derived is what is made of a body once, and kept with it.
type derived struct {
	program *esi.Program          // nil: the body is not to be read as ESI
	later   atomic.Pointer[later] // nil: there is nothing yet
}

// later is what is made of a body when somebody needs it.
type later struct {
	places atomic.Pointer[places]
	header atomic.Pointer[http.Header] // of the pages whose template it is
	packed sync.Map                    // of the body and its texts: text to *deflated
	grown  atomic.Bool                 // it has something that the cache has not weighed
	pace   pace                        // of the pages whose template it is

	elements, transcoded made
}

// more returns what is made later, which has its place from here on.
func (d *derived) more() *later {
	if d.later.Load() == nil {
		d.later.CompareAndSwap(nil, new(later))
	}
	return d.later.Load()
}

// text identifies a part of a body.
type text struct {
	first  *byte
	length int
}

// pack returns a part of the body compressed. Each is compressed once.
func (d *derived) pack(part []byte) encoding.Block {
	kept := d.more()
	key := text{&part[0], len(part)}
	if packed, ok := kept.packed.Load(key); ok {
		return *packed.(*encoding.Block)
	}
	packed := encoding.Deflate(part, encoding.StoredLevel)
	kept.packed.Store(key, &packed)
	kept.grown.Store(true)
	return packed
}

// grew reports, once, that something was made that the cache has not weighed.
func (d *derived) grew() bool {
	kept := d.later.Load()
	return kept != nil && kept.grown.Load() && kept.grown.CompareAndSwap(true, false)
}
