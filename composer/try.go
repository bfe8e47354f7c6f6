package composer

import "selvedge/composer/esi"

// attempt is a try that has been started. What is shown of it may be read once
// done is closed.
type attempt struct {
	first  *running
	done   chan struct{}
	shown  *running // first, or else what stands in its place
	failed bool
}

// try starts a try. The includes of its except start when one of the attempt
// has failed.
func (v *visit) try(run *running, t *esi.Try) *attempt {
	a := &attempt{first: v.inside(run, t.Attempt, true), done: make(chan struct{})}
	v.started.Go(func() {
		defer close(a.done)
		a.shown = a.first
		if v.settle(a.first) != nil {
			a.shown, a.failed = v.inside(run, t.Except, run.whole), true
		}
	})
	return a
}

// settle waits until all of a program can be written, or some of it cannot.
func (v *visit) settle(run *running) error {
	if err := run.settled(); err != nil {
		return err
	}
	parts := run.known()
	errs := make(chan error, len(parts))
	for _, p := range parts {
		v.started.Go(func() { errs <- v.settlePart(p) })
	}
	for range parts {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) settlePart(p part) error {
	if p.pending != nil {
		<-p.pending.done
		if p.pending.err != nil {
			return p.pending.err
		}
		p = p.pending.part
	}
	if p.attempt != nil {
		<-p.attempt.done
		return v.settle(p.attempt.shown)
	}
	if p.inside != nil {
		return v.settle(p.inside)
	}
	return nil
}
