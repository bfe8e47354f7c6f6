package composer

import (
	"bytes"
	"hash/maphash"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"unique"

	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
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
	header   []headerField // what the page itself says, but for its length
	packed   bool
	etag     string
	modified time.Time

	once   sync.Once
	pieces []piece // of which whole makes what leaves
	body   []byte
	length []string
}

type headerField struct {
	name   string
	values []string
}

const (
	// assembledTime is how long a page is given out as it was put together.
	// Then the cache learns that its parts are still in use.
	assembledTime = 100 * time.Millisecond
	// maxAssembled bounds the pages that are remembered, and with them what is
	// kept of answers that the cache has given up.
	maxAssembled = 256
	// assembledShare is one in how many bytes of the cache's size a page may have
	// to be remembered. To copy a large one is most of the work anyway, and all
	// together take a quarter of that size at most, beside it.
	assembledShare = 4 * maxAssembled
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

// replayAt replays the page of a place, if its template is stored.
func (c *Composer) replayAt(w http.ResponseWriter, r *http.Request, at registry.Target) (done bool, err error) {
	if c.cache == nil {
		return false, nil
	}
	now := time.Now()
	template, _ := c.cache.hit(key{at, unique.Make(audienceOf(r))}, includeHeader{c, r}, now)
	if template == nil {
		return false, nil
	}
	return c.replay(w, r, template, now)
}

// replay writes the page of a stored template as it was put together a moment
// ago, and reports whether it did. What the site has set in the header stays; a
// page that goes out with a cookie is never one of these.
func (c *Composer) replay(w http.ResponseWriter, r *http.Request, template *response, now time.Time) (done bool, err error) {
	h := w.Header()
	if template.coming != nil || len(h["Set-Cookie"]) > 0 {
		return false, nil
	}
	gzip := c.takesGzip(r)
	a := c.assemblies.place(template.derived, gzip).Load()
	if a == nil || a.template != template.derived || a.gzip != gzip || a.audience.Value() != audienceOf(r) || !c.isCurrent(a, now) {
		return false, nil
	}
	for _, f := range a.header {
		header.MergeField(h, f.name, f.values)
	}
	if a.status == http.StatusOK && header.NotModified(r.Header, a.etag, a.modified) {
		tellUnchanged(w)
		return true, nil
	}
	a.once.Do(func() { c.whole(a) })
	h["Content-Length"] = a.length
	w.WriteHeader(a.status)
	_, err = w.Write(a.body)
	return true, err
}

// isCurrent reports whether nothing has changed that the page was made from.
func (c *Composer) isCurrent(a *assembled, now time.Time) bool {
	return a.generation == c.cache.generation.Load() && a.registry == c.registry.Generation() && now.Before(a.until)
}

// whole makes one text of the pieces, once somebody asks for the page again.
func (c *Composer) whole(a *assembled) {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	b := (*buffer)[:0]
	if a.packed {
		b = c.appendPacked(b, a.pieces)
	} else {
		for _, p := range a.pieces {
			b = append(b, p.text...)
		}
	}
	*buffer = b
	a.body, a.length, a.pieces = bytes.Clone(b), []string{strconv.Itoa(len(b))}, nil
}

// remember keeps a page for those who ask for it in the next moment, if it is
// the same for all of them. It has been put together, and nothing of it has
// left.
func (o *output) remember() {
	v := o.v
	if v.cache == nil || v.answer != nil || o.missing || o.personal || o.use.forward != "" || v.life != nil ||
		v.header != nil || v.variables.Load() != nil || len(o.cookies) > 0 || o.size > v.options.CacheSize/assembledShare {
		return
	}
	packer, h := o.packer, make(http.Header)
	o.packer = nil
	o.fillHeader(h, true, new(header.Builder))
	differs := o.packer != packer // because of what the site has set
	if o.packer = packer; differs {
		return
	}
	a := &assembled{
		template: o.template.derived, audience: v.audience, gzip: v.takesGzip(v.request),
		generation: v.generation, registry: v.registry.Generation(), until: v.until,
		status: o.status, packed: o.packer != nil, etag: h.Get("Etag"), modified: o.merged.LastModified(),
		pieces: slices.Clone(o.pieces),
	}
	delete(h, "Content-Length")
	for name, values := range h {
		a.header = append(a.header, headerField{name, values})
	}
	v.assemblies.place(a.template, a.gzip).Store(a)
}

func (c *Composer) takesGzip(r *http.Request) bool {
	return !c.options.NoGzip && header.AcceptsGzip(r.Header)
}
