package composer

import (
	"iter"
	"slices"
)

// entry is what is known of a key, which is mostly one response. It is
// immutable, and nil if nothing is known.
type entry struct {
	newest *stored // nil: nothing is stored
	beside *beside // nil: there is no more
}

// beside is what is known of a key beside its newest response.
type beside struct {
	older []*stored // newest first
	// passing says that the last response could not be stored, so that the
	// next requests need not wait for each other.
	passing bool
}

// newEntry returns an entry of some responses, the newest first.
func newEntry(variants []*stored, passing bool) *entry {
	e := new(entry)
	var older []*stored
	if len(variants) > 0 {
		e.newest, older = variants[0], variants[1:]
	}
	if len(older) > 0 || passing {
		e.beside = &beside{slices.Clone(older), passing}
	}
	return e
}

// all yields the stored responses, the newest first.
func (e *entry) all() iter.Seq[*stored] {
	return func(yield func(*stored) bool) {
		if e == nil || e.newest == nil || !yield(e.newest) || e.beside == nil {
			return
		}
		for _, s := range e.beside.older {
			if !yield(s) {
				return
			}
		}
	}
}

// match returns the newest response to a request, or nil.
func (e *entry) match(request lazyHeader) *stored {
	for s := range e.all() {
		if s.matches(request) {
			return s
		}
	}
	return nil
}

// isPassing reports whether the last response could not be stored.
func (e *entry) isPassing() bool { return e != nil && e.beside != nil && e.beside.passing }

// vary returns the fields that the newest response varies on.
func (e *entry) vary() []string {
	if e == nil || e.newest == nil || e.newest.extra == nil {
		return nil
	}
	return e.newest.extra.vary
}
