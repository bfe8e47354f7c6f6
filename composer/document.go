package composer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
)

// ask asks the origin for a document. That depends on nothing of the request but
// what makes the key, so that several may wait for the answer.
func (p *proxy) ask(ctx context.Context, q *query, header http.Header) (*response, pump, error) {
	passage, err := p.protectionOf(p.source).Acquire(ctx, q.admission())
	if err != nil {
		return nil, nil, err
	}
	stay, leave := detach(ctx, q.life, time.Until(q.deadline))
	leave.passage = passage
	answer, rest, err := p.exchangeFor(stay, q, header, leave)
	switch {
	case err != nil:
		err = cmp.Or(context.Cause(stay), err) // read before leave.Close, which sets a cause too
		passage.RecordRefusal(stay, err)
		leave.Close()
		return nil, nil, err
	case rest != nil:
		return answer, func() {
			defer leave.Close()
			rest()
			passage.RecordEnd(answer.status, answer.coming.body.Err())
		}, nil
	case answer.coming == nil:
		passage.RecordResponse(answer.status)
		leave.Close()
	}
	return answer, nil, nil
}

// exchangeFor sends the request and reads as much of the answer as has to be
// known.
func (p *proxy) exchangeFor(ctx context.Context, q *query, h http.Header, l *leave) (*response, pump, error) {
	out, err := http.NewRequestWithContext(ctx, http.MethodGet, p.originOf(q.URI), http.NoBody)
	if err != nil {
		return nil, nil, err
	}
	out.Host, out.Header = q.audience.Value().host, h.Clone()
	q.asked = time.Now()
	res, err := p.client.RoundTrip(out) //nolint:bodyclose // the end of the request closes it
	for err != nil && l.passage.Retry(out, err) {
		res, err = p.client.RoundTrip(out) //nolint:bodyclose // as above
	}
	if err == nil && p.isTemplate(res) && !encoding.IsReadable(res.Header) { // asked for by somebody who did not name HTML
		_ = res.Body.Close()
		out.Header["Accept-Encoding"] = gzipCoding
		res, err = p.client.RoundTrip(out) //nolint:bodyclose // as above
	}
	if err != nil {
		return nil, nil, err
	}
	header.RemoveHopByHop(res.Header)
	if len(res.Header["Date"]) == 0 { // RFC 9110 §6.6.1
		res.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	l.status, l.body = res.StatusCode, res.Body
	return p.answer(ctx, q, res, h, l)
}

// answer returns an origin's answer: a template while it comes, what is to be
// kept as a whole, and all else as one that goes on.
func (p *proxy) answer(ctx context.Context, q *query, res *http.Response, request http.Header, l *leave) (*response, pump, error) {
	if res.StatusCode == http.StatusNotModified && len(request["If-None-Match"])+len(request["If-Modified-Since"]) == 0 {
		return nil, nil, errNotAsked
	}
	if res.StatusCode < 200 || res.StatusCode > 999 {
		return nil, nil, fmt.Errorf("it answered %d", res.StatusCode)
	}
	answer := p.begin(q, res.StatusCode, res.Header)
	if p.isTemplate(res) {
		p.warnNoCoding(q, res.Header)
		body, err := answer.decode(res, p.limit(q))
		if err != nil {
			return nil, nil, err
		}
		return p.receive(ctx, q, answer, body, true)
	}
	if p.keeps(res, request) {
		return p.receiveDocument(ctx, q, answer, res, l)
	}
	if !l.Detach() {
		return nil, nil, context.Canceled
	}
	res.Body = &leaving{res.Body, l}
	answer.coming = &content{rest: res}
	return answer, nil, nil
}

// receiveDocument reads what there is of a document that is kept.
func (p *proxy) receiveDocument(ctx context.Context, q *query, answer *response, res *http.Response, l *leave) (*response, pump, error) {
	first, whole, err := beginning(res.Body, answer.length(), p.options.MaxFragment)
	switch {
	case err != nil:
		return nil, nil, err
	case whole:
		return answer.finish(first, nil).withTrailer(receivedTrailer(res)), nil, nil
	}
	coming := newContent(p.options.MaxFragment, false)
	coming.body.Handoff, coming.announced = l, handedOnTrailer(res.Trailer)
	answer.coming = coming
	return answer, func() {
		if !q.patient {
			slow := time.AfterFunc(q.slowAfter(), coming.body.PassThrough)
			defer slow.Stop()
		}
		err := coming.body.Pump(ctx, first, res.Body)
		coming.body.SetTrailer(receivedTrailer(res))
		coming.body.End(err)
	}, nil
}

var errNotAsked = errors.New("it answered 304 to a request without a condition")

// isTemplate reports whether an answer is to be completed. A part of one, or
// its mere header, cannot be.
func (p *proxy) isTemplate(res *http.Response) bool {
	switch res.StatusCode {
	case http.StatusNoContent, http.StatusPartialContent, http.StatusNotModified:
		return false
	}
	return p.compiles(res.Header)
}

// keeps reports whether an answer is kept while it comes, because it can be
// stored.
func (p *proxy) keeps(res *http.Response, request http.Header) bool {
	if res.StatusCode == http.StatusNotModified {
		return true
	}
	if res.ContentLength > int64(p.options.MaxFragment) {
		return false
	}
	return termsOf(request, res.StatusCode, res.Header, time.Now()).storable
}

// slowAfter is how long a document is kept of which only the beginning has come:
// half of the time that is left, so that those who wait for it can then ask for
// themselves. If that half is less than it took to begin, they could not, and it
// is nearly all of it.
func (q *query) slowAfter() time.Duration {
	left := time.Until(q.deadline)
	if time.Since(q.asked) > left/2 {
		return left * 9 / 10
	}
	return left / 2
}
