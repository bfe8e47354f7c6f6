package composer

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"selvedge/composer/esi"
)

// The references that stand, in a template given to Frame, for its Answer.
const (
	answerReference = "/-/answer"
	titleReference  = "/-/title"
)

// visit is one request for a page while its program runs.
type visit struct {
	*Composer
	ctx      context.Context // ends with the page
	template string          // the fragment that the template came from
	session  string
	header   http.Header // what includes receive
	answer   *Answer     // what the page frames, or nil

	environment *environment

	includes atomic.Int32
	timings  timings
	shown    []shown // by write: the views of the page so far

	cancel  context.CancelFunc
	started sync.WaitGroup // by start
}

// visit begins a visit for a request. The caller ends it.
func (c *Composer) visit(r *http.Request, template string, answer *Answer) *visit {
	header := c.pass(r, includeHeaders)
	header.Set("Accept", "text/html")
	v := c.newVisit(r.Context(), header)
	v.template, v.answer = template, answer
	v.environment = newEnvironment(r, c.options.ESICookies)
	v.session = sessionOf(r)
	return v
}

// newVisit begins a visit of nothing in particular. The caller ends it.
func (c *Composer) newVisit(ctx context.Context, header http.Header) *visit {
	ctx, cancel := context.WithTimeout(ctx, c.options.PageTimeout)
	return &visit{Composer: c, ctx: ctx, cancel: cancel, header: header, environment: &environment{
		host: header.Get("X-Forwarded-Host"), header: header,
	}}
}

// pending is an include that has been started. What it came to may be read
// once done is closed: inner, or else body, or err if the page is in error.
type pending struct {
	include   *esi.Include
	reference string
	timing    *timing
	done      chan struct{}

	inner   *running
	body    []byte
	styles  []string // announced by what came
	shown   *shown   // the view that it is, or nil
	err     error
	refusal *RefusedError // a 4xx of the source, whatever stands in its place
}

// end ends all fetches, and returns when they have ended.
func (v *visit) end() {
	v.cancel()
	v.started.Wait()
}

// resolve fetches an include, or starts what stands in its place: alt, then
// its content, then nothing if it says so.
func (v *visit) resolve(p *pending, depth int) {
	defer close(p.done)
	answer, err := v.source(p, depth)
	if err == nil {
		v.timings.end(p.timing, "")
		p.styles = answer.styles
		p.shown = shownBy(p.reference, answer)
		if answer.program != nil {
			p.inner = v.start(answer.program, depth+1)
		} else {
			p.body = answer.body
		}
		return
	}
	v.timings.end(p.timing, "failed")
	v.report(p, err)
	switch {
	case p.include.Fallback != nil:
		p.inner = v.start(p.include.Fallback, depth)
		p.shown = owed(p, err)
	case !p.include.ContinueOnError:
		p.err = pageError(p.reference, err)
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
func (v *visit) source(p *pending, depth int) (*response, error) {
	if depth > v.options.MaxDepth {
		return nil, &FetchError{Reference: p.reference, Err: errTooDeep}
	}
	wait := p.include.MaxWait
	if wait == 0 {
		wait = v.options.MaxWait
	}
	answer, err := v.include(p, p.reference, p.include.Src.Part(), wait)
	if alt := p.include.Alt; err != nil && !alt.Empty() {
		if other, altErr := v.include(p, alt.Expand(v.environment.url), alt.Part(), wait); altErr == nil {
			return other, nil
		}
	}
	return answer, err
}

// include fetches one reference for a page, or the element of it that has the
// id part; only a 2xx is a success.
func (v *visit) include(p *pending, reference, part string, wait time.Duration) (*response, error) {
	if v.includes.Add(1) > int32(v.options.MaxIncludes) {
		return nil, &FetchError{Reference: reference, Err: errTooMany}
	}
	if v.answer != nil && strings.HasPrefix(reference, "/-/") {
		return v.answer.response(reference)
	}
	ref, err := ParseReference(reference)
	if err != nil {
		return nil, err
	}
	answer, err := v.fetch(v.ctx, ref, v.header, wait)
	if err == nil && p.include.FollowRedirects {
		answer, err = v.follow(ref, answer, wait)
	}
	if err != nil {
		return nil, err
	}
	if !answer.ok() {
		if reference == p.reference {
			p.refusal = refusal(reference, answer)
		}
		return nil, &FetchError{Reference: reference, Status: answer.status}
	}
	if part == "" {
		return answer, nil
	}
	if answer, err = answer.part(part); err != nil {
		return nil, &FetchError{Reference: reference, Err: err}
	}
	return answer, nil
}

// report tells the operator why a part of a page is missing, unless the
// visitor left. A 4xx is no fault of ours: the visitor asked for what the
// fragment does not have.
func (v *visit) report(p *pending, err error) {
	if errors.Is(v.ctx.Err(), context.Canceled) {
		return
	}
	level := slog.LevelWarn
	if p.refusal != nil {
		level = slog.LevelInfo
	}
	v.options.Logger.Log(v.ctx, level, "include failed", "reference", p.reference, "err", err)
}
