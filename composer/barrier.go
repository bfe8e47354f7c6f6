package composer

// A page's head leaves only when this much is known of it: the include that is
// marked primary, which gives the page its status, and those marked required,
// without which there is to be no page.

// passed waits for the includes that the page's head depends on, as far as they
// have been read. It returns the primary one, nil if there is none. The error
// is the refusal of the primary include, or says that one has failed and
// nothing stands in its place.
func (run *running) passed() (*pending, error) {
	var primary *pending
	for p, attempted := range run.marked(false) {
		<-p.done
		if p.include.Primary && primary == nil {
			primary = p
			if p.refusal != nil {
				return nil, p.refusal
			}
		}
		if p.err != nil && !attempted {
			return nil, p.err
		}
	}
	return primary, nil
}

// marked yields the includes that are marked primary or required, and whether
// they stand in an attempt.
func (run *running) marked(attempted bool) func(yield func(*pending, bool) bool) {
	return func(yield func(*pending, bool) bool) { run.yieldMarked(attempted, yield) }
}

func (run *running) yieldMarked(attempted bool, yield func(*pending, bool) bool) bool {
	for _, p := range run.known() {
		switch {
		case p.pending != nil:
			if i := p.include; (i.Primary || i.Required) && !yield(p.pending, attempted) {
				return false
			}
		case p.attempt != nil:
			if !p.attempt.first.yieldMarked(true, yield) {
				return false
			}
		case p.inside != nil && p.include == nil:
			if !p.inside.yieldMarked(attempted, yield) {
				return false
			}
		}
	}
	return true
}
