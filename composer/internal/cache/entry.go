package cache

import (
	"iter"
	"slices"
)

// entry holds the stored responses of a key, usually a single response. It is immutable.
// A nil entry is empty.
type entry struct {
	newest *Stored // nil if no response is stored
	more   *more   // nil in most entries
}

// more is the rarely used part of an entry.
type more struct {
	older []*Stored // the newest first

	// hitForMiss marks a key whose last response could not be stored, so that the next
	// requests need not wait for each other.
	hitForMiss bool
}

// newEntry returns an entry with responses, the newest first.
func newEntry(variants []*Stored, hitForMiss bool) *entry {
	e := new(entry)
	var older []*Stored
	if len(variants) > 0 {
		e.newest, older = variants[0], variants[1:]
	}
	if len(older) > 0 || hitForMiss {
		e.more = &more{slices.Clone(older), hitForMiss}
	}
	return e
}

// all yields the stored responses, the newest first.
func (e *entry) all() iter.Seq[*Stored] {
	return func(yield func(*Stored) bool) {
		if e == nil || e.newest == nil || !yield(e.newest) || e.more == nil {
			return
		}
		for _, s := range e.more.older {
			if !yield(s) {
				return
			}
		}
	}
}

// match returns the newest response for a request, or nil.
func (e *entry) match(request HeaderSource) *Stored {
	for s := range e.all() {
		if s.matches(request) {
			return s
		}
	}
	return nil
}

// isHitForMiss reports whether the last response could not be stored.
func (e *entry) isHitForMiss() bool { return e != nil && e.more != nil && e.more.hitForMiss }

// vary returns the fields in Vary of the newest response.
func (e *entry) vary() []string {
	if e == nil || e.newest == nil || e.newest.extra == nil {
		return nil
	}
	return e.newest.extra.vary
}
