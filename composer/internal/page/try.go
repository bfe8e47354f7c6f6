package page

import "selvedge/composer/esi"

// tryState is a started try.
type tryState struct {
	attempt *execution
	done    chan struct{} // closed when shown is known
	shown   *execution    // attempt, or the except
	failed  bool
}

// startTry starts a try. The includes of its except start after the failure of an include
// of the attempt.
func (pr *pageRequest) startTry(e *execution, t *esi.Try) *tryState {
	s := &tryState{attempt: pr.executeBranch(e, t.Attempt, true), done: make(chan struct{})}
	pr.goroutines.Go(func() {
		defer close(s.done)
		s.shown = s.attempt
		if pr.waitShowable(s.attempt) != nil {
			s.shown, s.failed = pr.executeBranch(e, t.Except, e.isAtomic), true
		}
	})
	return s
}

// waitShowable waits until all of a program can be shown. The error is the error of an
// include that failed without a fallback.
func (pr *pageRequest) waitShowable(e *execution) error {
	if err := e.waitComplete(); err != nil {
		return err
	}
	states := e.knownStates()
	errs := make(chan error, len(states))
	for _, s := range states {
		pr.goroutines.Go(func() { errs <- pr.waitStateShowable(s) })
	}
	for range states {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func (pr *pageRequest) waitStateShowable(s segmentState) error {
	if s.fetch != nil {
		<-s.fetch.done
		if s.fetch.err != nil {
			return s.fetch.err
		}
		s = s.fetch.state
	}
	if s.try != nil {
		<-s.try.done
		return pr.waitShowable(s.try.shown)
	}
	if s.child != nil {
		return pr.waitShowable(s.child)
	}
	return nil
}
