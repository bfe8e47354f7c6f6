package composer

import "context"

// streams reports whether the include may be shown while it comes: nothing
// could stand in its place, so that it makes the page an error whether it fails
// early or late.
func (p *pending) streams() bool {
	i := p.include
	return !p.run.whole && i.Fallback == nil && !i.ContinueOnError && !i.Primary && !i.Required &&
		!i.FollowRedirects && i.Alt.Empty() && i.Src.Part() == ""
}

// gather waits for all of an answer in whose place something else can be shown.
// What it includes starts as soon as it has been read, and is not shown if the
// rest does not come in time.
func (v *visit) gather(p *pending, q *query, answer *response) (*response, error) {
	if answer.isESI() {
		p.inside = v.run(answer, p.run.depth+1, p.run.whole)
	}
	ctx, cancel := context.WithDeadline(v.context(), q.deadline)
	defer cancel()
	whole, err := answer.whole(ctx)
	if err != nil {
		p.inside = nil
		return nil, &FetchError{Reference: q.name(), Err: err}
	}
	return whole, nil
}
