package composer

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// maxVariants bounds the responses that are stored for one key.
const maxVariants = 16

// cache is a shared cache of what fragments answer (RFC 9111). It knows which
// stored responses belong to a group, and which requests are on their way.
//
// A hit takes no lock. Everything else does: what is stored, dropped and on
// its way changes together.
type cache struct {
	entries *otter.Cache[key, *entry]
	timeout time.Duration // of a request that several wait for

	// generation changes after every change of what is stored.
	generation atomic.Uint64

	mu         sync.Mutex
	groups     map[string][]*stored
	flights    map[*flight]struct{}
	joinable   map[flightName]*flight
	closed     bool
	refreshing sync.WaitGroup
}

// entry is what is known of a key. It is immutable.
type entry struct {
	vary     []string  // of the newest response
	variants []*stored // newest first, at most maxVariants
	// passing says that the last response could not be stored, so that the
	// next requests need not wait for each other.
	passing bool
}

// stored is a response in the cache. Only its places change.
type stored struct {
	response
	terms
	key          key
	vary, varied []string
	places       []int // under the cache's lock: where it is in each of its groups
}

func newCache(size int, timeout time.Duration) (*cache, error) {
	c := &cache{
		timeout:  timeout,
		groups:   make(map[string][]*stored),
		flights:  make(map[*flight]struct{}),
		joinable: make(map[flightName]*flight),
	}
	var err error
	c.entries, err = otter.New(&otter.Options[key, *entry]{
		MaximumWeight: uint64(size),
		Weigher:       weigh,
		OnDeletion:    c.forget,
	})
	return c, err
}

// match returns the newest variant that answers a request, or nil.
func (e *entry) match(request lazyHeader) *stored {
	if e == nil {
		return nil
	}
	for _, s := range e.variants {
		if len(s.vary) == 0 || matches(request.fields(), s.vary, s.varied) {
			return s
		}
	}
	return nil
}

func (s *stored) age(now time.Time) time.Duration {
	return time.Duration(now.UnixNano() - s.gives.born)
}

// left is how long the response is fresh yet; negative if it is stale.
func (s *stored) left(now time.Time) time.Duration { return s.lifetime - s.age(now) }

func (s *stored) fresh(now time.Time) bool { return s.usable(now, 0) }

// usable reports whether the response is fresh, or stale for less than a time.
func (s *stored) usable(now time.Time, stale time.Duration) bool {
	return s.reusable && s.left(now) > -stale
}

// lookup returns what is known of a key, or nil.
func (c *cache) lookup(k key) *entry {
	e, _ := c.entries.GetIfPresent(k)
	return e
}

// set stores what is known of a key. The caller holds the lock.
func (c *cache) set(k key, e *entry) {
	c.entries.Set(k, e)
	c.generation.Add(1)
}

// unset forgets what is known of a key. The caller holds the lock.
func (c *cache) unset(k key) {
	c.entries.Invalidate(k)
	c.generation.Add(1)
}

// put stores a response, in place of the one that answers the same request.
// The caller holds the lock.
func (c *cache) put(s *stored, request lazyHeader) {
	e := &entry{vary: s.vary, variants: []*stored{s}}
	var dropped []*stored
	if old := c.lookup(s.key); old != nil {
		for _, other := range old.variants {
			if len(e.variants) == maxVariants || matches(request.fields(), other.vary, other.varied) {
				dropped = append(dropped, other)
			} else {
				e.variants = append(e.variants, other)
			}
		}
	}
	for _, other := range dropped {
		c.unindex(other)
	}
	c.index(s)
	c.set(s.key, e)
}

// pass remembers that a response to this request cannot be stored, and drops
// the one that it takes the place of. The caller holds the lock.
func (c *cache) pass(k key, request lazyHeader) {
	old := c.lookup(k)
	if old != nil && old.passing && old.match(request) == nil {
		return
	}
	e := &entry{passing: true}
	if old != nil {
		e.vary = old.vary
		for _, other := range old.variants {
			if matches(request.fields(), other.vary, other.varied) {
				c.unindex(other)
			} else {
				e.variants = append(e.variants, other)
			}
		}
	}
	c.set(k, e)
}

// drop removes a stored response. The caller holds the lock.
func (c *cache) drop(s *stored) {
	c.unindex(s)
	old := c.lookup(s.key)
	if old == nil {
		return
	}
	e := &entry{vary: old.vary, passing: old.passing}
	for _, other := range old.variants {
		if other != s {
			e.variants = append(e.variants, other)
		}
	}
	if len(e.variants) == 0 && !e.passing {
		c.unset(s.key)
		return
	}
	c.set(s.key, e)
}

// forget takes what was evicted out of its groups. By the time that it runs,
// another entry may have taken over some of the responses.
func (c *cache) forget(event otter.DeletionEvent[key, *entry]) {
	if !event.WasEvicted() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation.Add(1)
	current := c.lookup(event.Key)
	for _, s := range event.Value.variants {
		if current == nil || !slices.Contains(current.variants, s) {
			c.unindex(s)
		}
	}
}

// close ends the refreshes in the background.
func (c *cache) close() {
	c.mu.Lock()
	c.closed = true
	for f := range c.flights {
		if f.background {
			f.cancel()
		}
	}
	c.mu.Unlock()
	c.refreshing.Wait()
}
