package page

import "time"

// The header of a page is not sent before this much is known of it:
//
//   - the include that is marked primary, which gives the page its status;
//   - the includes that are marked required, without which there is no page.
//
// A primary include with a fallback is awaited for Options.MaxWait at most. If it takes
// longer, the status of the page is 200, and the include is shown when it comes.

// awaitRequired waits for the includes that the header of the page depends on, as far as
// they have been read. With a fallback, they are awaited until a time at most. It returns
// the primary include, or nil. The error is the refusal of the primary include, or that
// of an include that failed without a fallback.
func (e *execution) awaitRequired(until time.Time) (*includeFetch, error) {
	var primary *includeFetch
	for f, isAttempt := range e.required(false) {
		if !f.awaitRequired(until) {
			continue
		}
		if f.include.Primary && primary == nil {
			primary = f
			if f.refusal != nil {
				return nil, f.refusal
			}
		}
		if f.err != nil && !isAttempt {
			return nil, f.err
		}
	}
	return primary, nil
}

// required yields the includes that are marked primary or required, and whether they
// stand in an attempt.
func (e *execution) required(isAttempt bool) func(yield func(*includeFetch, bool) bool) {
	return func(yield func(*includeFetch, bool) bool) { e.yieldRequired(isAttempt, yield) }
}

func (e *execution) yieldRequired(isAttempt bool, yield func(*includeFetch, bool) bool) bool {
	for _, s := range e.knownStates() {
		switch {
		case s.fetch != nil:
			if i := s.fetch.include; (i.Primary || i.Required) && !yield(s.fetch, isAttempt) {
				return false
			}
		case s.try != nil:
			if !s.try.attempt.yieldRequired(true, yield) {
				return false
			}
		case s.child != nil && s.include == nil:
			if !s.child.yieldRequired(isAttempt, yield) {
				return false
			}
		}
	}
	return true
}

// The values of includeFetch.redirectRace. A primary include redirects the page if its
// response comes before the header of the page is sent. Zero: neither has happened.
const (
	responseFirst = iota + 1
	headerFirst
)

// awaitRequired waits for a primary or required include, and reports whether its result
// counts for the header of the page.
func (f *includeFetch) awaitRequired(until time.Time) bool {
	i := f.include
	if i.Required && !i.Primary || i.Fallback == nil && !i.ContinueOnError {
		<-f.done
		return true
	}
	if f.redirectRace.Load() == headerFirst {
		return false
	}
	select {
	case <-f.done:
		return true
	default:
	}
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-f.done:
		return true
	case <-timer.C:
	}
	if f.redirectRace.CompareAndSwap(0, headerFirst) {
		return false
	}
	<-f.done
	return true
}

// mayRedirect reports whether a primary include can still redirect the page.
func (f *includeFetch) mayRedirect() bool {
	return f.redirectRace.CompareAndSwap(0, responseFirst) || f.redirectRace.Load() == responseFirst
}
