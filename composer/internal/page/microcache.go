package page

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

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// microcached is a page assembled only of stored parts, and equal for all requests like
// the first request:
//
//   - no variable was shown,
//   - no header was read,
//   - no include was awaited.
//
// The page is written again until the cache or the registry changes.
type microcached struct {
	template *document.Document
	scope    unique.Handle[cache.Scope]
	gzip     bool // for clients that accept gzip

	generation, registry uint64    // of the cache and the registry at the start
	until                time.Time // end of validity: its Age becomes wrong, or a part becomes stale

	status       int
	header       []headerField // without Content-Length
	isCompressed bool
	etag         string
	lastModified time.Time

	once   sync.Once
	pieces []piece // the source of body, until once has run
	body   []byte
	length []string
}

type headerField struct {
	name   string
	values []string
}

const (
	// microcacheTime is the lifetime of a page in the microcache. At its end, a request
	// reaches the cache and counts as a use of the parts of the page.
	microcacheTime = 100 * time.Millisecond

	// microcacheSlots limits the pages in the microcache, and thereby the evicted
	// responses that such pages keep in memory.
	microcacheSlots = 256

	// microcacheShare is the divisor of the cache's size for the largest page in the
	// microcache. A larger page gains little, because its time is mostly copying. All
	// pages together take at most a quarter of the cache's size, in addition to the
	// cache.
	microcacheShare = 4 * microcacheSlots
)

// microcache holds the last pages, each page in the slot of its template.
type microcache [microcacheSlots]atomic.Pointer[microcached]

var microcacheSeed = maphash.MakeSeed()

func (m *microcache) slot(template *document.Document, gzip bool) *atomic.Pointer[microcached] {
	n := maphash.Comparable(microcacheSeed, template) % (microcacheSlots / 2)
	if gzip {
		n += microcacheSlots / 2
	}
	return &m[n]
}

// serveMicrocachedAt is serveMicrocached for the target of a template, if the template is
// stored.
func (a *Assembler) serveMicrocachedAt(w http.ResponseWriter, r *http.Request, at registry.Target) (served bool, err error) {
	if a.fetcher.Cache == nil {
		return false, nil
	}
	now := time.Now()
	template, _ := a.fetcher.Cache.Lookup(cache.Key{Target: at, Scope: unique.Make(cache.ScopeOf(r))}, includeHeader{a, r, at.Backend}, now)
	if template == nil {
		return false, nil
	}
	return a.serveMicrocached(w, r, template, now)
}

// includeHeader is the header sent to a source for a request.
type includeHeader struct {
	assembler *Assembler
	request   *http.Request
	source    *registry.Backend
}

// Header returns the header.
func (h includeHeader) Header() http.Header {
	return h.assembler.options.IncludeHeader(h.request, h.source)
}

// serveMicrocached writes the page of a stored template from the microcache, and reports
// whether it has written the page. Fields already set by the site remain. A page with a
// cookie is never in the microcache.
func (a *Assembler) serveMicrocached(w http.ResponseWriter, r *http.Request, template *cache.Response, now time.Time) (served bool, err error) {
	h := w.Header()
	if template.Coming != nil || len(h["Set-Cookie"]) > 0 || a.isDebugged(r) {
		return false, nil
	}
	d, gzip := document.Of(template), a.acceptsGzip(r)
	m := a.microcache.slot(d, gzip).Load()
	if m == nil || m.template != d || m.gzip != gzip || m.scope.Value() != cache.ScopeOf(r) || !a.isCurrent(m, now) {
		return false, nil
	}
	for _, f := range m.header {
		header.MergeField(h, f.name, f.values)
	}
	if m.status == http.StatusOK && header.NotModified(r.Header, m.etag, m.lastModified) {
		WriteNotModified(w)
		return true, nil
	}
	m.once.Do(func() { a.makeBody(m) })
	h["Content-Length"] = m.length
	w.WriteHeader(m.status)
	_, err = w.Write(m.body)
	return true, err
}

// isCurrent reports whether all sources of the page are unchanged.
func (a *Assembler) isCurrent(m *microcached, now time.Time) bool {
	return m.generation == a.fetcher.Cache.Generation() && m.registry == a.options.Registry.Generation() && now.Before(m.until)
}

// makeBody joins the pieces to a single text, at the second request of the page.
func (a *Assembler) makeBody(m *microcached) {
	buffer := textPool.Get().(*[]byte)
	defer textPool.Put(buffer)
	b := (*buffer)[:0]
	if m.isCompressed {
		b = a.appendGzip(b, m.pieces)
	} else {
		for _, p := range m.pieces {
			b = append(b, p.text...)
		}
	}
	*buffer = b
	m.body, m.length, m.pieces = bytes.Clone(b), []string{strconv.Itoa(len(b))}, nil
}

// storeMicrocached stores an assembled page before it is sent, if the page is the same
// for the requests of the next moment.
func (pw *pageWriter) storeMicrocached() {
	pr := pw.pr
	a := pr.assembler
	if a.fetcher.Cache == nil || pr.frame != nil || pr.hasPanel() || pw.isUnavailable || pw.isPersonal || !pw.cacheStatus.IsHit() || pr.life != nil ||
		pr.header != nil || pr.variables.Load() != nil || len(pw.cookies) > 0 || pw.size > a.options.CacheSize/microcacheShare {
		return
	}
	gzip, h := pw.gzip, make(http.Header)
	pw.gzip = nil
	pw.fillHeader(h, true, new(header.Builder))
	differs := pw.gzip != gzip // because of a field that the site has set
	if pw.gzip = gzip; differs {
		return
	}
	m := &microcached{
		template: document.Of(pw.template), scope: pr.scope, gzip: a.acceptsGzip(pr.request),
		generation: pr.generation, registry: a.options.Registry.Generation(), until: pr.freshUntil,
		status: pw.status, isCompressed: pw.gzip != nil, etag: h.Get("Etag"), lastModified: pw.policy.LastModified(),
		pieces: slices.Clone(pw.pieces),
	}
	delete(h, "Content-Length")
	for name, values := range h {
		m.header = append(m.header, headerField{name, values})
	}
	a.microcache.slot(m.template, m.gzip).Store(m)
}

func (a *Assembler) acceptsGzip(r *http.Request) bool {
	return !a.options.NoGzip && header.AcceptsGzip(r.Header)
}
