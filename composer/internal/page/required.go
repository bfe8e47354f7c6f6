package page

import "time"

// The header of a page is sent after the results of these includes are known:
//
//   - the primary include, which sets the status of the page,
//   - the required includes, without which there is no page.
//
// The wait for a primary include with a fallback is limited to Options.MaxWait. After
// this time, the status of the page is 200, and the include is shown when it arrives.

// awaitRequired waits for the known includes that decide the header of the page. The wait
// for a primary include with a fallback ends at a given time. The result is the primary
// include, or nil. The error is
//
//   - the refusal of the primary include, or
//   - the error of an include that failed without a fallback, outside of an attempt.
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

// required yields the primary and the required includes. The second value marks an
// include within an attempt.
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
// response arrives before the header of the page is sent. Zero means that neither has
// happened.
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
