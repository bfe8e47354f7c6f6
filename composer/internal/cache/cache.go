package cache

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/registry"
)

// maxVariants limits the stored responses of one key.
const maxVariants = 16

// Options are the settings of a cache. All of them are required.
type Options struct {
	// Size limits the memory for stored responses and their attachments, in bytes.
	Size int

	// FetchTimeout limits the time of a fetch shared by several requests.
	FetchTimeout time.Duration

	// Policy returns the policy of a response with header h from a target. The arguments
	// born and received are the times at which the response was generated and received.
	Policy func(from registry.Target, h http.Header, born, received time.Time) cachepolicy.Policy

	// IsUnsent reports whether an error means that no request was sent to the source. The
	// requests waiting for such a fetch fail with its error.
	IsUnsent func(error) bool
}

// Cache is a shared cache. It is safe for concurrent use.
//
// A hit takes no lock. Storing, invalidating and starting a fetch take one lock, and so
// happen one after another.
type Cache struct {
	options Options
	entries *otter.Cache[Key, *entry]

	// generation changes after every change of the stored responses.
	generation atomic.Uint64

	mu         sync.Mutex
	groups     map[group]*Stored // the first response in the list of each group
	fetches    fetchList         // all fetches under way
	shared     map[coalescingKey]*fetch
	closed     bool
	background sync.WaitGroup // fetches without a waiting request
}

// New returns an empty cache.
func New(options Options) (*Cache, error) {
	c := &Cache{
		options: options,
		groups:  make(map[group]*Stored),
		shared:  make(map[coalescingKey]*fetch),
	}
	var err error
	c.entries, err = otter.New(&otter.Options[Key, *entry]{
		MaximumWeight: uint64(options.Size),
		Weigher:       weigh,
		OnDeletion:    c.onDeletion,
	})
	return c, err
}

// Generation returns a number that changes whenever a response is stored, dropped or
// evicted. With an unchanged number, a lookup has the same result, except for responses
// that have become stale.
func (c *Cache) Generation() uint64 { return c.generation.Load() }

// Close cancels the fetches in the background, and returns when they have ended.
func (c *Cache) Close() {
	c.mu.Lock()
	c.closed = true
	for f := range c.fetches.all() {
		if f.isBackground {
			f.cancel()
		}
	}
	c.mu.Unlock()
	c.background.Wait()
}

// entry returns the entry of a key, or nil.
func (c *Cache) entry(k Key) *entry {
	e, _ := c.entries.GetIfPresent(k)
	return e
}

// store stores a response. It replaces the stored response to the same request, and drops
// the oldest response beyond maxVariants. The caller holds the lock.
func (c *Cache) store(s *Stored, request HeaderSource) {
	variants := []*Stored{s}
	for other := range c.entry(s.Key).all() {
		if len(variants) == maxVariants || other.matches(request) {
			c.unindex(other)
		} else {
			variants = append(variants, other)
		}
	}
	c.index(s)
	c.replace(s.Key, variants, false)
}

// markHitForMiss marks the key of a fetch whose response cannot be stored, and drops the
// stored response to the same request. The caller holds the lock.
func (c *Cache) markHitForMiss(f *fetch) {
	if f.wasHitForMiss && f.generation == c.generation.Load() {
		return
	}
	k, request := f.request.Key, f.request.Header
	e := c.entry(k)
	if e.isHitForMiss() && e.match(request) == nil {
		return
	}
	var variants []*Stored
	for other := range e.all() {
		if other.matches(request) {
			c.unindex(other)
		} else {
			variants = append(variants, other)
		}
	}
	c.replace(k, variants, true)
}

// drop removes a stored response. The caller holds the lock.
func (c *Cache) drop(s *Stored) {
	c.unindex(s)
	e := c.entry(s.Key)
	variants := slices.DeleteFunc(slices.Collect(e.all()), func(other *Stored) bool { return other == s })
	c.replace(s.Key, variants, e.isHitForMiss())
}

// replace replaces the entry of a key. The caller holds the lock.
func (c *Cache) replace(k Key, variants []*Stored, hitForMiss bool) {
	if len(variants) == 0 && !hitForMiss {
		c.delete(k)
		return
	}
	c.entries.Set(k, newEntry(variants, hitForMiss))
	c.generation.Add(1)
}

// delete removes the entry of a key. The caller holds the lock.
func (c *Cache) delete(k Key) {
	c.entries.Invalidate(k)
	c.generation.Add(1)
}

// onDeletion removes the responses of an evicted entry from their groups. It runs after
// the eviction, when a later entry may already contain some of the same responses.
func (c *Cache) onDeletion(event otter.DeletionEvent[Key, *entry]) {
	if !event.WasEvicted() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation.Add(1)
	current := slices.Collect(c.entry(event.Key).all())
	for s := range event.Value.all() {
		if !slices.Contains(current, s) {
			c.unindex(s)
		}
	}
}
