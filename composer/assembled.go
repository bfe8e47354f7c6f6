package composer

import (
	"hash/maphash"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
	"unique"
)

// assembled is a page that was put together of stored answers alone, and that
// everybody gets who asks like this: no variable was shown, no header was
// looked at, nothing was waited for. It need not be put together again until
// the cache changes, which the next visitor looks at first.
type assembled struct {
	template *derived
	audience unique.Handle[audience]
	gzip     bool // for those who take it

	generation, registry uint64    // of cache and registry, when it was put together
	until                time.Time // its ages are not right for longer, or a part is stale then

	status   int
	header   http.Header // what the page itself says
	etag     string
	modified time.Time
	pieces   []piece
	size     int // in bytes
}

const (
	// assembledTime is how long a page is given out as it was put together.
	// Then the cache learns that its parts are still in use.
	assembledTime = 100 * time.Millisecond
	// maxAssembled bounds the pages that are remembered, and with them what is
	// kept of answers that the cache has given up.
	maxAssembled = 256
)

// assemblies are pages that were put together last, each at the one place that
// it can have.
type assemblies [maxAssembled]atomic.Pointer[assembled]

var assemblySeed = maphash.MakeSeed()

func (a *assemblies) place(template *derived, gzip bool) *atomic.Pointer[assembled] {
	n := maphash.Comparable(assemblySeed, template) % (maxAssembled / 2)
	if gzip {
		n += maxAssembled / 2
	}
	return &a[n]
}

// replay writes the page of a stored template as it was put together a moment
// ago, and reports whether it did. What the site has set in the header stays; a
// page that goes out with a cookie is never one of these.
func (v *visit) replay(w http.ResponseWriter, template *response) (done bool, err error) {
	if v.cache == nil || template.coming != nil || len(w.Header()["Set-Cookie"]) > 0 {
		return false, nil
	}
	gzip := v.takesGzip()
	a := v.assemblies.place(template.derived, gzip).Load()
	if a == nil || a.template != template.derived || a.gzip != gzip || a.audience != v.audience || !v.current(a) {
		return false, nil
	}
	merge(w.Header(), a.header)
	if a.status == http.StatusOK && notModified(v.request.Header, a.etag, a.modified) {
		tellUnchanged(w)
		return true, nil
	}
	out := &v.output
	out.v, out.w, out.status, out.size = v, w, a.status, a.size
	out.pieces = append(out.pieces, a.pieces...)
	if len(a.header["Content-Encoding"]) > 0 {
		out.packer = &out.stitcher
	}
	out.committed = true
	return true, out.writeWhole(w.Header())
}

// current reports whether nothing has changed that the page was made from.
func (v *visit) current(a *assembled) bool {
	return a.generation == v.cache.generation.Load() && a.registry == v.registry.generation() && v.now.Before(a.until)
}

// remember keeps a page for those who ask for it in the next moment, if it is
// the same for all of them. It has been put together, and nothing of it has
// left.
func (o *output) remember() {
	v := o.v
	if v.cache == nil || v.answer != nil || o.personal || o.use.forward != "" || v.life != nil ||
		v.header != nil || v.variables.Load() != nil || len(o.cookies) > 0 {
		return
	}
	a := &assembled{
		template: o.template.derived, audience: v.audience, gzip: v.takesGzip(),
		generation: v.generation, registry: v.registry.generation(), until: v.until,
		status: o.status, header: make(http.Header), modified: o.merged.modifiedAt(),
		pieces: slices.Clone(o.pieces), size: o.size,
	}
	o.fillHeader(a.header, true, new(values))
	a.etag = a.header.Get("Etag")
	v.assemblies.place(a.template, a.gzip).Store(a)
}

func (v *visit) takesGzip() bool { return !v.options.NoGzip && acceptsGzip(v.request.Header) }
