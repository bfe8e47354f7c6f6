package composer

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/flate"

	"selvedge/composer/esi"
)

// response is what a source answers. Others may have it too, so only the
// content of one that is still coming changes.
type response struct {
	place  place
	status int
	// document says that it was asked for as a browser does, and not as a
	// fragment.
	document bool
	header   fields
	body     []byte
	derived  *derived // from the body; nil while that is coming
	charset  string   // of the body, by its standard name; empty: that of the page

	styles   []string // the stylesheets that it announced
	links    []link   // what is to be loaded with it
	groups   []string // the data that it was made from
	variance byte     // which headers it varies on, as a view
	gives    contribution

	coming *content    // nil: it is whole
	raw    http.Header // as it came, until the answer is stored; may be nil
	rest   *rest       // what has not been read; then there is no body
}

// derived is what is made of a body once, and kept with it.
type derived struct {
	program  *esi.Program // nil: the body is not to be read as ESI
	places   atomic.Pointer[places]
	header   atomic.Pointer[http.Header] // of the pages whose template it is
	packed   atomic.Pointer[sync.Map]    // of the body and its texts: text to *deflated
	elements atomic.Pointer[elements]

	transcoded atomic.Pointer[transcoded]
}

// keptLevel is how hard a text is compressed that is kept.
const keptLevel = flate.DefaultCompression

// text identifies a part of a body.
type text struct {
	first  *byte
	length int
}

// pack returns a part of the body compressed. Each is compressed once.
func (d *derived) pack(part []byte) deflated {
	kept := lazy(&d.packed)
	key := text{&part[0], len(part)}
	if packed, ok := kept.Load(key); ok {
		return *packed.(*deflated)
	}
	packed := deflate(part, keptLevel)
	kept.Store(key, &packed)
	return packed
}

// lazy returns what a pointer points to, which is made at its first use.
func lazy[T any](p *atomic.Pointer[T]) *T {
	if p.Load() == nil {
		p.CompareAndSwap(nil, new(T))
	}
	return p.Load()
}

// ok reports whether the answer may stand in a page (2xx).
func (r *response) ok() bool { return r.status >= 200 && r.status < 300 }

// isRedirect reports whether the answer says where to go instead.
func (r *response) isRedirect() bool {
	return r.status >= 300 && r.status <= 399 && r.header.get("Location") != ""
}

// isESI reports whether the answer is read as ESI.
func (r *response) isESI() bool {
	if r.coming != nil {
		return r.coming.compiler != nil
	}
	return r.derived != nil && r.derived.program != nil
}

// finish gives an answer its whole body, and the program of that if it is to
// be read as ESI.
func (r *response) finish(body []byte, program *esi.Program) *response {
	r.body, r.derived, r.coming = body, &derived{program: program}, nil
	r.setMark(body)
	r.gives.setBody(body)
	return r
}

// whole returns the answer with all of its body, which it waits for.
func (r *response) whole(ctx context.Context) (*response, error) {
	if r.coming == nil {
		return r, nil
	}
	if err := r.coming.settled(ctx); err != nil {
		return nil, err
	}
	all := *r
	return all.finish(r.coming.bytes, r.coming.program), nil
}
