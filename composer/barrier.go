package composer

import "time"

// A page's head leaves only when this much is known of it: the include that is
// marked primary, which gives the page its status, and those marked required,
// without which there is to be no page. A primary include in whose place
// something can stand is waited for as long as an include is by default: what
// takes longer is shown when it comes, and the page's status is 200.

// passed waits for the includes that the page's head depends on, as far as they
// have been read, and until a time for those that it can leave without. It
// returns the primary one, nil if there is none. The error is the refusal of the
// primary include, or says that one has failed and nothing stands in its place.
func (run *running) passed(until time.Time) (*pending, error) {
	var primary *pending
	for p, attempted := range run.marked(false) {
		if !p.decides(until) {
			continue
		}
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

// A primary include either redirects the page or is too late for that, by whether
// its answer comes before the page's head has left. It is 0 as long as neither is
// so.
const (
	answered = iota + 1
	headLeft
)

// decides waits for an include that the page's head depends on, and reports
// whether what came of it counts for the head.
func (p *pending) decides(until time.Time) bool {
	i := p.include
	if i.Required && !i.Primary || i.Fallback == nil && !i.ContinueOnError {
		<-p.done
		return true
	}
	if p.turn.Load() == headLeft {
		return false
	}
	select {
	case <-p.done:
		return true
	default:
	}
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-p.done:
		return true
	case <-timer.C:
	}
	if p.turn.CompareAndSwap(0, headLeft) {
		return false
	}
	<-p.done
	return true
}

// leads reports whether the page can still lead to where its primary include
// does.
func (p *pending) leads() bool {
	return p.turn.CompareAndSwap(0, answered) || p.turn.Load() == answered
}
