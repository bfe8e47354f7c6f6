package cache

import "iter"

// fetchList is the list of the fetches under way. The links are fields of the fetches,
// because every include that is not stored is a fetch, and a separate list would cost an
// allocation.
type fetchList struct{ first *fetch }

// fetchLinks are the neighbors of a fetch in the list.
type fetchLinks struct{ before, after *fetch }

func (l *fetchList) add(f *fetch) {
	if f.after = l.first; f.after != nil {
		f.after.before = f
	}
	l.first = f
}

func (l *fetchList) remove(f *fetch) {
	if f.before != nil {
		f.before.after = f.after
	} else {
		l.first = f.after
	}
	if f.after != nil {
		f.after.before = f.before
	}
	f.fetchLinks = fetchLinks{} // an ended fetch with links would keep all later fetches in memory
}

func (l *fetchList) all() iter.Seq[*fetch] {
	return func(yield func(*fetch) bool) {
		for f := l.first; f != nil; f = f.after {
			if !yield(f) {
				return
			}
		}
	}
}
