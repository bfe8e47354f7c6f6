package composer

import "iter"

// flights are a list of those that are on their way. It costs a flight nothing
// beside itself, since each uncached include is one.
type flights struct{ first *flight }

// neighbors are those of a flight in the list.
type neighbors struct{ before, after *flight }

func (l *flights) add(f *flight) {
	if f.after = l.first; f.after != nil {
		f.after.before = f
	}
	l.first = f
}

func (l *flights) remove(f *flight) {
	if f.before != nil {
		f.before.after = f.after
	} else {
		l.first = f.after
	}
	if f.after != nil {
		f.after.before = f.before
	}
	f.neighbors = neighbors{} // or who holds one that has ended would hold all that came later
}

func (l *flights) all() iter.Seq[*flight] {
	return func(yield func(*flight) bool) {
		for f := l.first; f != nil; f = f.after {
			if !yield(f) {
				return
			}
		}
	}
}
