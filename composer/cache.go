package composer

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"selvedge/composer/internal/header"
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
	groups     map[group]*stored // the first of each group
	flights    flights
	joinable   map[flightName]*flight
	closed     bool
	refreshing sync.WaitGroup
}

// stored is a response in the cache. Only the others of its groups change.
type stored struct {
	response
	terms
}

func newCache(size int, timeout time.Duration) (*cache, error) {
	c := &cache{
		timeout:  timeout,
		groups:   make(map[group]*stored),
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

// matches reports whether the response is one to this request.
func (s *stored) matches(request lazyHeader) bool {
	x := s.extra
	switch {
	case x == nil:
		return true
	case x.heuristic && hasCredentials(request.fields()):
		return false
	}
	return len(x.vary) == 0 || header.MatchesSelecting(request.fields(), x.vary, x.varied)
}

// age is how old the response is. It is negative if the clock was set back
// since the response came.
func (s *stored) age(now time.Time) time.Duration {
	age := now.UnixNano() - s.gives.Born
	if age < 0 { // now may have been read before the response came
		age = time.Now().UnixNano() - s.gives.Born
	}
	return time.Duration(age)
}

// left is how long the response is fresh yet; negative if it is stale. It is
// stale if its age is not known.
func (s *stored) left(now time.Time) time.Duration { return s.leftAt(s.age(now)) }

// leftAt is left for an age.
func (s *stored) leftAt(age time.Duration) time.Duration {
	if age < 0 {
		return -1
	}
	return s.lifetime.Duration() - age
}

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

// unset forgets what is known of a key. The caller holds the lock.
func (c *cache) unset(k key) {
	c.entries.Invalidate(k)
	c.generation.Add(1)
}

// put stores a response, in place of the one that answers the same request.
// The caller holds the lock.
func (c *cache) put(s *stored, request lazyHeader) {
	variants := []*stored{s}
	for other := range c.lookup(s.key).all() {
		if len(variants) == maxVariants || other.matches(request) {
			c.unindex(other)
		} else {
			variants = append(variants, other)
		}
	}
	c.index(s)
	c.set(s.key, variants, false)
}

// pass remembers that the answer of a flight cannot be stored, and drops the one
// that it takes the place of. The caller holds the lock.
func (c *cache) pass(f *flight) {
	if f.passing && f.generation == c.generation.Load() {
		return
	}
	k, request := f.query.key, f.query.header
	e := c.lookup(k)
	if e.isPassing() && e.match(request) == nil {
		return
	}
	var variants []*stored
	for other := range e.all() {
		if other.matches(request) {
			c.unindex(other)
		} else {
			variants = append(variants, other)
		}
	}
	c.set(k, variants, true)
}

// drop removes a stored response. The caller holds the lock.
func (c *cache) drop(s *stored) {
	c.unindex(s)
	e := c.lookup(s.key)
	variants := slices.DeleteFunc(slices.Collect(e.all()), func(other *stored) bool { return other == s })
	c.set(s.key, variants, e.isPassing())
}

// set sets what is known of a key. The caller holds the lock.
func (c *cache) set(k key, variants []*stored, passing bool) {
	if len(variants) == 0 && !passing {
		c.unset(k)
		return
	}
	c.entries.Set(k, newEntry(variants, passing))
	c.generation.Add(1)
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
	current := slices.Collect(c.lookup(event.Key).all())
	for s := range event.Value.all() {
		if !slices.Contains(current, s) {
			c.unindex(s)
		}
	}
}

// close ends the refreshes in the background.
func (c *cache) close() {
	c.mu.Lock()
	c.closed = true
	for f := range c.flights.all() {
		if f.background {
			f.cancel()
		}
	}
	c.mu.Unlock()
	c.refreshing.Wait()
}
