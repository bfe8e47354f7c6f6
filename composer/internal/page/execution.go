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

// execution is the execution of a program, or of a part of a program. Its includes have
// been started.
type execution struct {
	template *templateInfo
	depth    int
	isAtomic bool // all of it is shown, or none of it
	isLate   bool // the fallback of an include that missed its deadline

	segments []esi.Segment
	states   []segmentState // of the includes, chooses and tries in segments
	progress *progress      // nil if segments are complete
}

// templateInfo is the information common to all parts of a program.
type templateInfo struct {
	target   registry.Target
	response *cache.Response                       // nil while it is arriving
	static   map[*esi.Include]document.ResolvedURL // the includes without variables
}

// templateExecution is the execution of the whole program of a response.
type templateExecution struct {
	info templateInfo
	execution
}

// segmentState is the state of an include, a choose or a try after its start.
type segmentState struct {
	include   *esi.Include
	reference string          // of the include
	response  *cache.Response // the response shown by the include
	isHit     bool            // response was stored
	child     *execution      // of the response's program, of a fallback, or of a branch
	fetch     *includeFetch   // the awaited include, with a state of its own at its end
	branch    int             // of a choose: the index of the branch taken, or -1
	try       *tryState
}

// progress is the known part of a program while its template arrives.
type progress struct {
	mu       sync.Mutex
	more     chan struct{} // closed when more is known; nil if nothing waits
	hasEnded bool
	err      error // the cause of a premature end of the template
}

// execute starts all includes of a response at once, including the includes of the
// branches taken and of all attempts. The includes of an arriving response start as soon
// as they have been read.
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

// start starts the includes of complete segments.
func (e *execution) start(pr *pageRequest, segments []esi.Segment) {
	e.segments = segments
	e.states = pr.appendStates(e.states, e, segments)
}

// appendStates starts the includes, chooses and tries in segments, and appends their
// states.
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

// follow starts the includes of a program while the program arrives.
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

// segment returns the ith segment. If the segment has not arrived, the result is a
// channel that is closed when more is known. At the end of the program, the result is the
// cause of a premature end, or nil.
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

// waitComplete waits until the program is complete. The error is the cause of a premature
// end.
func (e *execution) waitComplete() error {
	for {
		_, more, err := e.segment(math.MaxInt)
		if more == nil {
			return err
		}
		<-more
	}
}

// hasState reports whether a segment is an include, a choose or a try.
func hasState(s *esi.Segment) bool { return s.Include != nil || s.Choose != nil || s.Try != nil }

// startSegment starts an include, a choose or a try.
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

// references calls yield with the references of a program's includes, also in branches
// and attempts, until yield returns false.
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
