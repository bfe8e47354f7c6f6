package page

import (
	"context"
	"math"
	"slices"
	"sync"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/stream"
	"selvedge/composer/registry"
)

// execution is the execution of a program, or of a part of one: its includes have been
// started.
type execution struct {
	template *templateInfo
	depth    int
	isAtomic bool // nothing of it is shown before all of it can be
	isLate   bool // it is the fallback of an include that did not come in time

	segments []esi.Segment
	states   []segmentState // of the segments that are neither text nor variable
	progress *progress      // nil: segments are complete
}

// templateInfo is what all parts of a program have in common.
type templateInfo struct {
	target   registry.Target
	response *cache.Response                       // nil: it is arriving
	static   map[*esi.Include]document.ResolvedURL // the includes without variables
}

// templateExecution is the execution of the whole program of a response.
type templateExecution struct {
	info templateInfo
	execution
}

// segmentState is what was started for a segment.
type segmentState struct {
	include   *esi.Include
	reference string          // of the include
	response  *cache.Response // that the include shows
	isHit     bool            // response was stored
	child     *execution      // of the response's program, of a fallback, or of a branch
	fetch     *includeFetch   // the include is awaited, and then has a state of its own
	branch    int             // of a choose: the index of the branch taken, -1: none
	try       *tryState
}

// progress says how much of a program is known while its template arrives.
type progress struct {
	mu       sync.Mutex
	more     chan struct{} // closed when there is more; nil: nothing waits
	hasEnded bool
	err      error // why the template ended too early
}

// execute starts all includes of a response at once, with those of the branches that are
// taken and of all attempts. The includes of a response that is arriving start as soon as
// they have been read.
func (pr *pageRequest) execute(response *cache.Response, depth int, isAtomic bool) *execution {
	te := &pr.top
	if depth > 1 {
		te = new(templateExecution)
	}
	te.info.target = response.Target
	e := &te.execution
	e.template, e.depth, e.isAtomic = &te.info, depth, isAtomic
	if response.Coming != nil {
		e.progress = &progress{}
		pr.goroutines.Go(func() { pr.follow(e, response.Coming) })
		return e
	}
	e.template.response, e.template.static = response, pr.assembler.resolvedIncludes(response)
	e.start(pr, document.Of(response).Program().Segments)
	return e
}

// executeBranch starts a branch of a program.
func (pr *pageRequest) executeBranch(e *execution, p *esi.Program, isAtomic bool) *execution {
	return pr.executeFallback(e, p, isAtomic, e.isLate)
}

// executeFallback starts the fallback of an include.
func (pr *pageRequest) executeFallback(e *execution, p *esi.Program, isAtomic, isLate bool) *execution {
	child := &execution{template: e.template, depth: e.depth, isAtomic: isAtomic, isLate: isLate}
	child.start(pr, p.Segments)
	return child
}

// start starts the includes of segments that are complete.
func (e *execution) start(pr *pageRequest, segments []esi.Segment) {
	e.segments = segments
	e.states = pr.appendStates(e.states, e, segments)
}

// appendStates starts what segments request, and appends its states.
func (pr *pageRequest) appendStates(states []segmentState, e *execution, segments []esi.Segment) []segmentState {
	n := 0
	for i := range segments {
		if hasState(&segments[i]) {
			n++
		}
	}
	if n == 0 {
		return states
	}
	states = slices.Grow(states, n)
	for i := range segments {
		if hasState(&segments[i]) {
			states = append(states, pr.startSegment(e, &segments[i]))
		}
	}
	return states
}

// follow starts the includes of a program as it arrives.
func (pr *pageRequest) follow(e *execution, coming *stream.Body) {
	known := 0
	for {
		segments, more, err := document.Segments(coming, known)
		if segments == nil && more == nil && err == nil {
			e.grow(nil, nil, true, nil)
			return
		}
		if err != nil {
			e.grow(nil, nil, true, &fetch.Error{Reference: e.template.target.String(), Err: err})
			return
		}
		if more != nil {
			select {
			case <-more:
			case <-pr.context().Done():
				e.grow(nil, nil, true, context.Cause(pr.context()))
				return
			}
			continue
		}
		known += len(segments)
		e.grow(segments, pr.appendStates(nil, e, segments), false, nil)
	}
}

func (e *execution) grow(segments []esi.Segment, states []segmentState, hasEnded bool, err error) {
	p := e.progress
	p.mu.Lock()
	defer p.mu.Unlock()
	e.segments = append(e.segments, segments...)
	e.states = append(e.states, states...)
	p.hasEnded, p.err = hasEnded, err
	if p.more != nil {
		close(p.more)
		p.more = nil
	}
}

// segment returns the ith segment, or a channel that is closed when there is more. At the
// end it returns neither, and the reason if the end came too early.
func (e *execution) segment(i int) (*esi.Segment, <-chan struct{}, error) {
	p := e.progress
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
	}
	switch {
	case i < len(e.segments):
		return &e.segments[i], nil, nil
	case p == nil:
		return nil, nil, nil
	case p.hasEnded:
		return nil, nil, p.err
	}
	if p.more == nil {
		p.more = make(chan struct{})
	}
	return nil, p.more, nil
}

// knownStates returns the states of the segments so far.
func (e *execution) knownStates() []segmentState {
	if e.progress == nil {
		return e.states
	}
	e.progress.mu.Lock()
	defer e.progress.mu.Unlock()
	return e.states[:len(e.states):len(e.states)]
}

// waitComplete waits until the program is complete. The error is the reason if its end
// came too early.
func (e *execution) waitComplete() error {
	for {
		_, more, err := e.segment(math.MaxInt)
		if more == nil {
			return err
		}
		<-more
	}
}

// hasState reports whether a segment is neither text nor variable.
func hasState(s *esi.Segment) bool { return s.Include != nil || s.Choose != nil || s.Try != nil }

// startSegment starts what a segment requests.
func (pr *pageRequest) startSegment(e *execution, s *esi.Segment) segmentState {
	switch {
	case s.Choose != nil:
		branch, taken := s.Choose.Take(func(variable esi.Variable) string { return pr.value(e, variable) })
		if taken == nil {
			return segmentState{branch: -1}
		}
		return segmentState{branch: branch, child: pr.executeBranch(e, taken, e.isAtomic)}
	case s.Try != nil:
		return segmentState{try: pr.startTry(e, s.Try)}
	}
	return pr.startInclude(e, s.Include)
}

// value returns the value of a variable in a program.
func (pr *pageRequest) value(e *execution, variable esi.Variable) string {
	if e.isLate && variable.Name == document.LateVariable && variable.Key == "" {
		return "true"
	}
	return pr.requestVariables().value(variable)
}

// references calls yield with the references of a program's includes, with those in
// branches and attempts, until it returns false.
func (e *execution) references(yield func(string) bool) bool {
	for _, s := range e.knownStates() {
		more := true
		switch {
		case s.fetch != nil:
			more = yield(s.fetch.address.Text)
		case s.response != nil:
			more = yield(s.reference)
		case s.try != nil:
			more = s.try.attempt.references(yield)
		case s.child != nil:
			more = s.child.references(yield)
		}
		if !more {
			return false
		}
	}
	return true
}
