package composer

import (
	"context"
	"math"
	"slices"
	"sync"

	"selvedge/composer/esi"
	"selvedge/composer/registry"
)

// running is a program, or a part of one, whose includes have been started.
type running struct {
	document *document
	depth    int
	whole    bool // nothing of it is shown before all of it can be
	late     bool // it stands in the place of an include that did not come in time

	segments []esi.Segment
	parts    []part  // for those segments that are no text and no variable
	growth   *growth // nil: the segments are all there are
}

// document is what all parts of a program have in common: the answer that it
// was compiled from.
type document struct {
	at     registry.Target
	kept   *response                    // nil: it is still coming
	static map[*esi.Include]resolvedURL // the includes without variables
}

// opened is the program of an answer with what all of it has in common.
type opened struct {
	document
	running
}

// part is what was started for a segment.
type part struct {
	include   *esi.Include
	reference string    // what the include asked for
	answer    *response // what the include shows
	reused    bool      // it came out of the cache
	inside    *running  // the program to go on with: of the answer, of what stands in its place, or a branch
	pending   *pending  // the include has to be waited for; it will be a part
	branch    int       // of a choose: which one was taken, -1 for none
	attempt   *attempt
}

// growth is how far a program that is still coming is known.
type growth struct {
	mu    sync.Mutex
	more  chan struct{} // closed when there is more; nil: nobody waits
	ended bool
	err   error // why there will be no more
}

// run starts all includes of an answer at once, with those of the branches
// that are taken and of all attempts. Those of an answer that is still coming
// start as soon as they have been read.
func (v *visit) run(answer *response, depth int, whole bool) *running {
	both := &v.top
	if depth > 1 {
		both = new(opened)
	}
	both.at = answer.Target
	run := &both.running
	run.document, run.depth, run.whole = &both.document, depth, whole
	if answer.coming != nil {
		run.growth = &growth{}
		v.started.Go(func() { v.follow(run, answer.coming) })
		return run
	}
	run.document.kept, run.document.static = answer, v.placesOf(answer)
	run.start(v, answer.derived.program.Segments)
	return run
}

// inside starts a part of a program.
func (v *visit) inside(run *running, p *esi.Program, whole bool) *running {
	return v.instead(run, p, whole, run.late)
}

// instead is inside for what stands in the place of an include.
func (v *visit) instead(run *running, p *esi.Program, whole, late bool) *running {
	inner := &running{document: run.document, depth: run.depth, whole: whole, late: late}
	inner.start(v, p.Segments)
	return inner
}

// start starts the includes of segments that are all there are.
func (run *running) start(v *visit, segments []esi.Segment) {
	run.segments = segments
	run.parts = v.appendParts(run.parts, run, segments)
}

// appendParts starts what segments of a program ask for.
func (v *visit) appendParts(parts []part, run *running, segments []esi.Segment) []part {
	n := 0
	for i := range segments {
		if needsPart(&segments[i]) {
			n++
		}
	}
	if n == 0 {
		return parts
	}
	parts = slices.Grow(parts, n)
	for i := range segments {
		if needsPart(&segments[i]) {
			parts = append(parts, v.part(run, &segments[i]))
		}
	}
	return parts
}

// follow starts the includes of a program as it comes.
func (v *visit) follow(run *running, coming *content) {
	known := 0
	for {
		segments, more, err := coming.segments(known)
		if segments == nil && more == nil && err == nil {
			run.grow(nil, nil, true, nil)
			return
		}
		if err != nil {
			run.grow(nil, nil, true, &FetchError{Reference: run.document.at.String(), Err: err})
			return
		}
		if more != nil {
			select {
			case <-more:
			case <-v.context().Done():
				run.grow(nil, nil, true, context.Cause(v.context()))
				return
			}
			continue
		}
		known += len(segments)
		run.grow(segments, v.appendParts(nil, run, segments), false, nil)
	}
}

func (run *running) grow(segments []esi.Segment, parts []part, ended bool, err error) {
	g := run.growth
	g.mu.Lock()
	defer g.mu.Unlock()
	run.segments = append(run.segments, segments...)
	run.parts = append(run.parts, parts...)
	g.ended, g.err = ended, err
	if g.more != nil {
		close(g.more)
		g.more = nil
	}
}

// segment returns a segment, or what to wait for. At the end it returns
// neither, and why if that is too early.
func (run *running) segment(i int) (*esi.Segment, <-chan struct{}, error) {
	g := run.growth
	if g != nil {
		g.mu.Lock()
		defer g.mu.Unlock()
	}
	switch {
	case i < len(run.segments):
		return &run.segments[i], nil, nil
	case g == nil || g.ended && g.err == nil:
		return nil, nil, nil
	case g.ended:
		return nil, nil, g.err
	}
	if g.more == nil {
		g.more = make(chan struct{})
	}
	return nil, g.more, nil
}

// known returns the parts that have been started.
func (run *running) known() []part {
	if run.growth == nil {
		return run.parts
	}
	run.growth.mu.Lock()
	defer run.growth.mu.Unlock()
	return run.parts[:len(run.parts):len(run.parts)]
}

// settled waits until nothing is added to the program any more. The error says
// why not all of it came.
func (run *running) settled() error {
	for {
		_, more, err := run.segment(math.MaxInt)
		if more == nil {
			return err
		}
		<-more
	}
}

func needsPart(s *esi.Segment) bool { return s.Include != nil || s.Choose != nil || s.Try != nil }

// part starts what a segment asks for.
func (v *visit) part(run *running, s *esi.Segment) part {
	switch {
	case s.Choose != nil:
		branch, taken := s.Choose.Take(func(variable esi.Variable) string { return v.value(run, variable) })
		if taken == nil {
			return part{branch: -1}
		}
		return part{branch: branch, inside: v.inside(run, taken, run.whole)}
	case s.Try != nil:
		return part{attempt: v.try(run, s.Try)}
	}
	return v.begin(run, s.Include)
}

// lateVariable is true in what stands in the place of an include that did not
// come in time, and empty everywhere else.
const lateVariable = "SELVEDGE_LATE"

// value returns what a variable of a program stands for, as it came.
func (v *visit) value(run *running, variable esi.Variable) string {
	if run.late && variable.Name == lateVariable && variable.Key == "" {
		return "true"
	}
	return v.environment().value(variable)
}
