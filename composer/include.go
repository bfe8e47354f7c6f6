package composer

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
)

// The references that stand, in a template given to Frame, for its Answer.
const (
	answerReference = "/-/answer"
	titleReference  = "/-/title"
)

// pending is an include that has to be waited for. What it came to may be read
// once done is closed: a part, or err if the page is in error.
type pending struct {
	include *esi.Include
	run     *running    // in which it stands
	address resolvedURL // its place is known only if that does not depend on the visitor
	timing  int         // its number
	done    chan struct{}
	missed  bool // src has been looked for in the cache, in vain

	inside  *running // what has been started of an answer that is waited for
	part    part
	styles  []string         // announced by what came
	reused  bool             // it came out of the cache
	instead bool             // alt is shown
	failed  bool             // what is shown stands in the place of src and alt
	late    bool             // because there was no answer in time
	owed    *pagetoken.Entry // the view that the page will be sent, or nil
	err     error
	refusal *RefusedError // a 4xx of the source, whatever stands in its place
	turn    atomic.Uint32 // of a primary include: answered or headLeft, whichever came first
}

// begin starts an include. What is stored needs no waiting.
func (v *visit) begin(run *running, include *esi.Include) part {
	at := run.document.static[include]
	looks := v.looksFor(run, include, at)
	if looks {
		if answer := v.stored(include, at); answer != nil && v.admit() {
			v.timings.hits.Add(1)
			return v.present(run, part{include: include, reference: at.text, answer: answer, reused: true})
		}
	}
	p := &pending{include: include, run: run, address: at, done: make(chan struct{}), missed: looks}
	if !at.known() {
		p.address.text = v.environment().address(include.Src)
	}
	p.timing = v.timings.begin(v.timingReference(p.address.text))
	v.started.Go(func() {
		makeRoom(p.timing)
		v.resolve(p)
	})
	return part{include: include, pending: p}
}

// looksFor reports whether what is stored for an include can stand in the page
// without a question to anybody.
func (v *visit) looksFor(run *running, include *esi.Include, at resolvedURL) bool {
	return at.known() && v.cache != nil && !v.limited && v.answer == nil && run.depth <= v.options.MaxDepth &&
		!include.Primary && !include.NoStore && include.Src.Part() == ""
}

// stored returns what is stored for an include, if it is fresh and of use.
func (v *visit) stored(include *esi.Include, at resolvedURL) *response {
	answer, u := v.cache.hit(v.key(at.place), v.headerFor(at.place, include.Public), v.now)
	if answer == nil || !answer.ok() || answer.isForeign(v.output.charset) {
		return nil
	}
	v.fresh(u)
	return answer
}

// admit counts an include, and reports whether the page may have it.
func (v *visit) admit() bool { return v.includes.Add(1) <= int32(v.options.MaxIncludes) }

// present returns the part that shows an answer, whose includes are started.
func (v *visit) present(run *running, shows part) part {
	if shows.inside == nil && shows.answer.isESI() {
		shows.inside = v.run(shows.answer, run.depth+1, run.whole)
	}
	return shows
}

// resolve fetches an include, or starts what stands in its place: alt, then
// its content, then nothing if it says so.
func (v *visit) resolve(p *pending) {
	defer close(p.done)
	answer, err := v.source(p)
	if err == nil {
		v.timings.end(p.timing, "")
		p.styles = answer.styles()
		p.part = v.present(p.run, part{include: p.include, reference: p.address.text, answer: answer, reused: p.reused, inside: p.inside})
		return
	}
	v.timings.end(p.timing, timingFailed)
	v.report(p, err)
	p.failed, p.part = true, part{include: p.include}
	switch {
	case p.include.Fallback != nil:
		p.late = p.run.late || errors.Is(err, context.DeadlineExceeded)
		p.part.inside = v.instead(p.run, p.include.Fallback, p.run.whole, p.late)
		p.owed = owed(p, err)
	case !p.include.ContinueOnError:
		p.err = pageError(p.address.text, err)
	}
}

// pageError is the error of a page for an include that failed. That a template
// names what does not exist is no mistake in the page's address, so it is a
// *FetchError like any other.
func pageError(reference string, err error) error {
	var fetch *FetchError
	if errors.As(err, &fetch) {
		return err
	}
	return &FetchError{Reference: reference, Err: errors.New(err.Error())}
}

// source fetches src, and alt if that fails.
func (v *visit) source(p *pending) (*response, error) {
	if p.run.depth > v.options.MaxDepth {
		return nil, &FetchError{Reference: p.address.text, Err: errTooDeep}
	}
	answer, err := v.include(p, p.address.text, p.include.Src.Part())
	if alt := p.include.Alt; err != nil && !alt.Empty() {
		if other, altErr := v.include(p, v.environment().address(alt), alt.Part()); altErr == nil {
			p.instead = true
			return other, nil
		}
	}
	return answer, err
}

// include fetches one address for a page, or the element of what is there that
// has the id part; only a 2xx is a success.
func (v *visit) include(p *pending, address, part string) (*response, error) {
	if !v.admit() {
		return nil, &FetchError{Reference: address, Err: errTooMany}
	}
	if v.answer != nil && strings.HasPrefix(address, "/-/") {
		return v.reserved(address)
	}
	at, err := v.addressFor(p, address)
	if err != nil {
		return nil, err
	}
	q := v.question(p, at, part)
	if q.pieces && !p.streams() {
		var end context.CancelFunc
		q.life, end = context.WithCancel(q.life)
		defer end()
	}
	obtain := v.obtain
	if p.include.FollowRedirects {
		obtain = v.obtainFollowing
	}
	answer, u, err := obtain(q)
	p.reused = u.forward == "" && err == nil
	if err == nil {
		v.checkDate(answer, u)
	}
	switch {
	case err != nil:
		return nil, err
	case !answer.ok():
		return v.refused(p, address, answer)
	case answer.coming != nil && !p.streams() && !answer.isForeign(v.output.charset):
		return v.gather(p, q, answer)
	}
	if answer, err = v.fitting(answer, q.deadline); err == nil && part != "" {
		answer, err = v.element(answer, part)
	}
	if err != nil {
		return nil, &FetchError{Reference: address, Err: err}
	}
	return answer, nil
}

// addressFor returns an address of an include with where it leads.
func (v *visit) addressFor(p *pending, text string) (resolvedURL, error) {
	if p.address.known() && text == p.address.text {
		return p.address, nil
	}
	at, err := v.resolver.Locate(p.run.document.at, text, v.host)
	return resolvedURL{place: at, text: text}, err
}

// fitting returns an answer in the charset of the page. One that has to be
// transcoded is waited for as long as one that does not stream.
func (v *visit) fitting(answer *response, deadline time.Time) (*response, error) {
	if !answer.isForeign(v.output.charset) {
		return answer, nil
	}
	ctx, cancel := context.WithDeadline(v.context(), deadline)
	defer cancel()
	return v.in(ctx, answer)
}

// wait is how long an include is waited for.
func (v *visit) wait(include *esi.Include) time.Duration {
	if include.MaxWait > 0 {
		return include.MaxWait
	}
	return v.options.MaxWait
}

// question returns the query for an address that an include names.
func (v *visit) question(p *pending, at resolvedURL, part string) *query {
	q := v.query(at.place, v.wait(p.include))
	q.header = v.headerFor(at.place, p.include.Public)
	q.text, q.parsed, q.level, q.pieces = at.text, at.parsed, p.run.depth, part == "" && !p.include.FollowRedirects
	q.lifetime, q.noStore = p.include.TTL, p.include.NoStore
	q.missed = v.limited || p.missed && at == p.address
	return q
}

// refused is what an answer comes to that is no success.
func (v *visit) refused(p *pending, address string, answer *response) (*response, error) {
	if p.include.Primary && answer.isRedirect() && p.leads() {
		return answer, nil
	}
	if address == p.address.text {
		answer, err := answer.whole(v.context())
		if err != nil {
			return nil, &FetchError{Reference: address, Err: err}
		}
		p.refusal = refusal(address, answer)
	}
	return nil, &FetchError{Reference: address, Status: answer.status, primary: p.include.Primary}
}

// report tells the operator why a part of a page is missing, unless the
// visitor left. A 4xx is no fault of ours: the visitor asked for what the
// fragment does not have.
func (v *visit) report(p *pending, err error) {
	if errors.Is(v.context().Err(), context.Canceled) {
		return
	}
	level := slog.LevelWarn
	if p.refusal != nil {
		level = slog.LevelInfo
	}
	f := includeFailure{level: level, reference: p.address.text, err: err}
	if v.request != nil {
		f.page, f.requestID = v.request.URL.Path, header.First(v.request.Header, "X-Request-Id")
	}
	source := ""
	if at, unknown := v.addressFor(p, p.address.text); unknown == nil && at.place.Backend != nil {
		source = at.place.Backend.Name
	}
	v.failures.add(source, f)
}
