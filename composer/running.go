package composer

import "selvedge/composer/esi"

// running is a program whose includes have been started.
type running struct {
	program *esi.Program
	parts   []part // in the program's order
}

// part is what stands for an include, a choose or a try of a running program:
// one of these, or nothing for a choose of which no branch is taken.
type part struct {
	include *pending
	branch  *running
	try     *attempt
}

// attempt is a try that has been started. What is shown of it may be read once
// done is closed.
type attempt struct {
	first *running
	done  chan struct{}
	shown *running // first, or else what stands in its place
}

// start starts all includes of a program at once, with those of the branches
// that are taken and of all attempts. Depth is 1 for those of the page itself.
func (v *visit) start(p *esi.Program, depth int) *running {
	run := &running{program: p}
	for i := range p.Segments {
		switch s := &p.Segments[i]; {
		case s.Include != nil:
			run.parts = append(run.parts, part{include: v.begin(s.Include, depth)})
		case s.Choose != nil:
			var branch *running
			if taken := s.Choose.Take(v.environment.value); taken != nil {
				branch = v.start(taken, depth)
			}
			run.parts = append(run.parts, part{branch: branch})
		case s.Try != nil:
			run.parts = append(run.parts, part{try: v.attempt(s.Try, depth)})
		}
	}
	return run
}

// begin starts an include.
func (v *visit) begin(include *esi.Include, depth int) *pending {
	reference := include.Src.Expand(v.environment.url)
	p := &pending{
		include:   include,
		reference: reference,
		timing:    v.timings.begin(reference),
		done:      make(chan struct{}),
	}
	v.started.Go(func() { v.resolve(p, depth) })
	return p
}

// attempt starts a try. The includes of its except start when one of the
// attempt has failed.
func (v *visit) attempt(t *esi.Try, depth int) *attempt {
	a := &attempt{first: v.start(t.Attempt, depth), done: make(chan struct{})}
	v.started.Go(func() {
		defer close(a.done)
		a.shown = a.first
		if v.settle(a.first) != nil {
			a.shown = v.start(t.Except, depth)
		}
	})
	return a
}

// settle waits until all of a program can be written, or some of it cannot.
func (v *visit) settle(run *running) error {
	errs := make(chan error, len(run.parts))
	for _, p := range run.parts {
		v.started.Go(func() { errs <- v.settlePart(p) })
	}
	for range run.parts {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) settlePart(p part) error {
	switch {
	case p.include != nil:
		<-p.include.done
		if p.include.err != nil || p.include.inner == nil {
			return p.include.err
		}
		return v.settle(p.include.inner)
	case p.try != nil:
		<-p.try.done
		return v.settle(p.try.shown)
	case p.branch != nil:
		return v.settle(p.branch)
	}
	return nil
}

// primary waits for the include that gives the page its status, if there is
// one. The error is its refusal, or says that it failed and nothing stands in
// its place.
func (run *running) primary() error {
	p, attempted := run.findPrimary()
	if p == nil {
		return nil
	}
	<-p.done
	if p.refusal != nil {
		return p.refusal
	}
	if attempted {
		return nil
	}
	return p.err
}

// findPrimary returns the first include that is marked primary, and whether it
// stands in an attempt.
func (run *running) findPrimary() (found *pending, attempted bool) {
	for _, p := range run.parts {
		switch {
		case p.include != nil && p.include.include.Primary:
			return p.include, false
		case p.branch != nil:
			found, attempted = p.branch.findPrimary()
		case p.try != nil:
			found, _ = p.try.first.findPrimary()
			attempted = true
		}
		if found != nil {
			return found, attempted
		}
	}
	return nil, false
}

// references calls yield with what a program includes, in branches and
// attempts too, until it returns false.
func (run *running) references(yield func(string) bool) bool {
	for _, p := range run.parts {
		more := true
		switch {
		case p.include != nil:
			more = yield(p.include.reference)
		case p.branch != nil:
			more = p.branch.references(yield)
		case p.try != nil:
			more = p.try.first.references(yield)
		}
		if !more {
			return false
		}
	}
	return true
}
