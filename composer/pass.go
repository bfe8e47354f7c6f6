package composer

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"

	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
)

// transit is what a request that passes has with it.
type transit struct {
	visitor *http.Request  // as it came
	ours    http.Header    // what the visitor is told already, which an origin cannot replace
	answer  *http.Response // an answer that has begun; nil: the origin is asked
	relay   *relay         // of what the origin says before its answer
	body    *visitorBody   // nil: the request has none
}

type transitKey struct{}

func transitOf(r *http.Request) transit {
	p, _ := r.Context().Value(transitKey{}).(transit)
	return p
}

// handOn hands a request to the origin, and its answer back; unless that has
// begun, when it is not nil.
func (p *proxy) handOn(w http.ResponseWriter, r *http.Request, begun *http.Response) {
	through := transit{visitor: r, ours: w.Header().Clone(), answer: begun, relay: p.newRelay(w, r)}
	out := r.WithContext(r.Context())
	if begun == nil {
		if header.ExpectsContinue(r) {
			out.Body = &expectedBody{ReadCloser: r.Body, relay: through.relay}
		}
		through.body = newVisitorBody(w, out)
		defer through.body.end()
		if err := through.body.readAhead(r); err != nil {
			through.body.closeAfter(w.Header())
			p.fail(w, r, err)
			return
		}
	}
	w.Header()["Content-Type"] = nil // or net/http would guess one where the origin gives none
	out = out.WithContext(context.WithValue(r.Context(), transitKey{}, through))
	p.through.ServeHTTP(w, out)
}

// forwarded is the use of the cache for a request that passes.
func (p *proxy) forwarded(r *http.Request, status int) use {
	u := use{forward: forwardRequest, status: status}
	switch d := p.demandOf(r.Header); {
	case p.cache == nil:
		u.forward = forwardAll
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		u.forward = forwardMethod
	case !d.noStore && concernsCache(r):
		u.forward = forwardMiss
	}
	return u
}

// roundTripper makes an http.RoundTripper of a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// exchange asks the origin, unless the request has its answer with it. It holds
// a place among the requests in flight until the answer begins, which then may
// go on for as long as its visitor likes.
func (p *proxy) exchange(r *http.Request) (*http.Response, error) {
	if res := transitOf(r).answer; res != nil {
		res.Request = r
		return res, nil
	}
	passage, err := p.enter(r)
	if err != nil {
		return nil, err
	}
	defer passage.Release()
	relay := transitOf(r).relay
	defer relay.end()
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		// That of httputil, made for this request, would clear what the site
		// has set, and inform by HTTP/1.0 too.
		trace.Got1xxResponse = relay.bounded()
	}
	res, err := p.transport.RoundTrip(r)
	for err != nil && passage.Retry(r, err) {
		res, err = p.transport.RoundTrip(r)
	}
	body := transitOf(r).body
	if err != nil {
		if failure := body.failureWhen(r.Context()); failure != nil {
			return nil, failure
		}
		passage.RecordRefusal(r.Context(), err)
		return nil, err
	}
	if body.failure() == nil {
		passage.RecordResponse(res.StatusCode)
	}
	if asked := r.Header.Get("Upgrade"); res.StatusCode == http.StatusSwitchingProtocols && (asked == "" || !strings.EqualFold(res.Header.Get("Upgrade"), asked)) {
		_ = res.Body.Close() // a connection, which httputil would leave open
		return nil, errUpgrade
	}
	return res, nil
}

var errUpgrade = errors.New("it switches to a protocol that nobody asked for")

// enter waits for a place among the requests to the origin.
func (p *proxy) enter(r *http.Request) (*breaker.Permit, error) {
	ctx, cancel := context.WithTimeout(r.Context(), p.options.ActionTimeout)
	defer cancel()
	through := transitOf(r)
	passage, err := p.protectionOf(p.source).Acquire(ctx, breaker.Request{
		Method: r.Method, Target: r.URL.RequestURI(), Client: p.clientOf(through.visitor), Uploading: !through.body.isComplete(),
	})
	if err != nil && r.Body != nil {
		_ = r.Body.Close() // as a RoundTripper has to
	}
	return passage, err
}

// passing sees an answer before it passes. It may keep it back.
func (p *proxy) passing(res *http.Response) error {
	if res.StatusCode == http.StatusSwitchingProtocols {
		return nil
	}
	r := res.Request
	if begun := transitOf(r).answer != nil; !begun && p.compiles(res.Header) {
		return p.keep(res)
	}
	u := p.forwarded(r, res.StatusCode)
	switch r.Method {
	case http.MethodHead:
		p.freshen(r, res)
	case http.MethodPost:
		p.changed(r, res)
		u.stored = p.tee(r, res)
	default:
		p.changed(r, res)
	}
	through, control := transitOf(r), res.Header[header.SurrogateControl]
	header.RemoveComposerFields(res.Header)
	passTrailer(res, through.visitor)
	p.tellSurrogate(through.visitor, res.Header, control, header.HoldsForDocument)
	for name := range through.ours {
		if name != "Vary" {
			delete(res.Header, name)
		}
	}
	if through.answer == nil {
		u.tell(res.Header, res.Header)
	}
	through.body.closeAfter(res.Header)
	return nil
}

// keptError says that an answer is a template, or a part of one, so that
// something else has to be answered.
type keptError struct {
	instead func(w http.ResponseWriter, r *http.Request)
}

func (e *keptError) Error() string { return "the answer is a template" }

// keep keeps a template back, so that it can be completed. A part of one, or
// the header of one alone, is asked for again as a whole, and so is one that we
// cannot read.
func (p *proxy) keep(res *http.Response) error {
	r := res.Request
	part := r.Method == http.MethodHead || res.StatusCode == http.StatusPartialContent || res.StatusCode == http.StatusNotModified
	if part || r.Method == http.MethodGet && !encoding.IsReadable(res.Header) {
		return &keptError{p.whole}
	}
	p.changed(r, res)
	q := p.query(r, p.keyFor(p.visited(r), r.Host, r.Header.Get("X-Forwarded-Proto")), r.Header, demand{})
	answer := p.begin(q, res.StatusCode, res.Header)
	p.warnNoCoding(q, res.Header)
	body, err := answer.decode(res, p.limit(q))
	if err != nil {
		return err
	}
	answer, rest, err := p.receiveKept(q, answer, res, body)
	if err != nil {
		return err
	}
	return &keptError{func(w http.ResponseWriter, visitor *http.Request) {
		if rest != nil {
			go rest()
		}
		p.serve(w, visitor, answer, p.forwarded(visitor, answer.status))
	}}
}

// receiveKept is receive for a template that was kept back. No context but the
// visitor's ends its request, so its body is closed when the page has to be
// complete.
func (p *proxy) receiveKept(q *query, answer *response, res *http.Response, body io.ReadCloser) (*response, pump, error) {
	ctx, end := context.WithDeadline(q.life, q.deadline)
	raw := res.Body
	context.AfterFunc(ctx, func() { _ = raw.Close() })
	res.Body = http.NoBody // for httputil to close
	answer, rest, err := p.receive(ctx, q, answer, body, p.isTemplate(res))
	if rest == nil {
		end()
		return answer, nil, err
	}
	return answer, func() { defer end(); rest() }, nil
}

// whole answers a GET or HEAD with a whole document, whether or not it can be
// stored.
func (p *proxy) whole(w http.ResponseWriter, r *http.Request) {
	k, header := p.keyFor(r.URL, r.Host, header.Scheme(r)), p.inbound(r)
	if p.cache != nil {
		p.fetch(w, r, k, header, demand{})
		return
	}
	q := p.query(r, k, header, demand{})
	answer, rest, err := p.ask(r.Context(), q, header)
	if err != nil {
		p.failed(w, r, err)
		return
	}
	if rest != nil {
		go rest()
	}
	p.serve(w, r, answer, p.forwarded(r, answer.status))
}
