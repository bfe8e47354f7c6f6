package composer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/internal/stream"
	"selvedge/composer/registry"
)

// ask asks a source and returns its answer, of which the body may still be
// coming: then its pump has to run. Any status is an answer.
func (c *Composer) ask(ctx context.Context, q *query, header http.Header) (*response, pump, error) {
	r, err := newRequest(ctx, q, header)
	if err != nil {
		return nil, nil, err
	}
	passage, err := c.protectionOf(q.Backend).Acquire(ctx, q.admission())
	if err != nil {
		return nil, nil, err
	}
	q.asked = passage.StartedAt
	var answer *response
	var rest pump
	if h := q.Backend.Handler; h != nil {
		answer, rest, err = c.call(h, r, q)
	} else {
		answer, rest, err = c.dial(r, q, passage)
	}
	switch {
	case err != nil:
		passage.RecordRefusal(ctx, err)
	case rest == nil:
		passage.RecordResponse(answer.status)
		c.warnNotOptedIn(q, answer, answer.body)
	default:
		return answer, func() {
			defer passage.Release()
			rest()
			passage.RecordEnd(answer.status, answer.coming.body.Err())
			c.warnNotOptedIn(q, answer, answer.coming.body.Bytes())
		}, nil
	}
	passage.Release()
	return answer, nil, err
}

// protectionOf returns what stands between us and a source.
func (c *Composer) protectionOf(s *registry.Backend) *breaker.Guard {
	if g := s.Guard(); g != nil {
		return g
	}
	return s.SetGuard(breaker.New(breaker.Options{
		Name:     s.Name,
		Fragment: !s.External,
		InFlight: c.options.MaxInFlight,
		MinWait:  c.options.MaxWait * 9 / 10,
		Logger:   c.options.Logger,
		Reason:   failureReason,
		Unwanted: isUnwanted,
	}))
}

// isUnwanted reports whether an answer was not wanted, though the source may have
// one: its address is denied, or it is more than we take.
func isUnwanted(err error) bool {
	var denied *AddressError
	return errors.As(err, &denied) || errors.Is(err, stream.ErrTooLarge) || errors.Is(err, encoding.ErrCoding)
}

// pump reads the rest of an answer until it is whole or broken.
type pump func()

// blankRequest is what all requests have in common.
var blankRequest = &http.Request{
	Method: http.MethodGet, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
}

// newRequest returns the request for a query. That for another process lacks
// what tells of the page (see query.AppendTo); its header is the given one, which
// nobody changes.
func newRequest(ctx context.Context, q *query, h http.Header) (*http.Request, error) {
	target, err := q.address()
	if err != nil {
		return nil, err
	}
	r := blankRequest.WithContext(ctx) // a copy, and the only one
	r.URL, r.Header, r.Host = target, h, q.hostFor(target)
	if q.Backend.Handler != nil {
		own := *target
		r.URL, r.Header = &own, q.fill(h)
		r.Host = header.First(h, "X-Forwarded-Host")
		r.RequestURI = q.URI
	}
	return r, nil
}

// hostFor returns the Host of the request for a target. The origin is asked for
// the visitor's host, as it is for documents, because it may tell its sites
// apart by that name. Fragments and allowed hosts are asked for their own, and
// so is the origin if the visitor's request has no Host (HTTP/1.0).
func (q *query) hostFor(target *url.URL) string {
	if host := q.audience.Value().host; q.Backend.IsOrigin() && host != "" {
		return host
	}
	return target.Host
}

// fill returns a header with the fields that tell of the page. The values are
// shared with the given one, and nobody changes them.
func (q *query) fill(fields http.Header) http.Header {
	h := make(http.Header, len(fields)+3)
	maps.Copy(h, fields)
	values := [...]string{strconv.FormatInt(q.timeLeft(), 10), strconv.Itoa(q.level), "gzip"}
	h[header.SelvedgeTimeout], h[header.ESILevel], h["Accept-Encoding"] = values[0:1:1], values[1:2:2], values[2:3:3]
	return h
}

// AppendTo appends the same fields as they are sent.
func (q *query) AppendTo(b []byte) []byte {
	b = strconv.AppendInt(append(b, header.SelvedgeTimeout+": "...), q.timeLeft(), 10)
	b = strconv.AppendInt(append(b, "\r\n"+header.ESILevel+": "...), int64(q.level), 10)
	return append(b, "\r\nAccept-Encoding: gzip\r\n"...)
}

// timeLeft is how long the answer is waited for, in milliseconds.
func (q *query) timeLeft() int64 { return max(time.Until(q.deadline).Milliseconds(), 1) }

// final returns why a status is none that ends a request.
func final(status int) error {
	if status < 200 || status > 599 {
		return fmt.Errorf("the answer has the status %d", status)
	}
	return nil
}

// begin returns an answer of which only the header is known.
func (c *Composer) begin(q *query, status int, h http.Header) *response {
	received := time.Now()
	q.received = received
	answer := &response{key: q.key, status: status, header: header.NewCompact(h), groups: membershipsOf(h), raw: h}
	answer.setCharset(header.Charset(header.ContentType(h)))
	c.warnUnreadType(q, h)
	if len(h["Link"]) > 0 {
		answer.extra = &extra{links: header.ParseLinks(h, q.linkBase())}
		if answer.ok() && !q.Backend.Guarded { // a path there is none of this site
			answer.extra.styles = c.styles.learn(q.Backend.Name, q.Backend.URL != nil, h)
		}
	}
	answer.gives = cachepolicy.New(q.Target, h, received.Add(-header.InitialAge(h, q.asked, received)), received, pagetoken.VariantBits)
	if c.variesOnMore(h) {
		answer.gives.Flags |= cachepolicy.Personal
	}
	return answer
}

// compile returns the program of a body, if its header opts in.
func compile(body []byte, compiled bool) *esi.Program {
	if !compiled {
		return nil
	}
	return esi.Compile(body, variableNames...)
}

// call runs a handler of this process. If the request's context ends first,
// call returns at once and the handler's answer is thrown away when it comes:
// a handler that ignores its context costs a goroutine, not the page.
func (c *Composer) call(h http.Handler, r *http.Request, q *query) (*response, pump, error) {
	w := newRecorder(c.limit(q))
	go func() {
		makeRoom(q.level)
		defer func() {
			if p := recover(); p != nil {
				c.logPanic(r.URL, p)
				w.end(errPanic)
			}
		}()
		h.ServeHTTP(w, r)
		w.end(nil)
	}()
	select {
	case <-w.begun:
	case <-r.Context().Done():
		w.abandon()
		return nil, nil, context.Cause(r.Context())
	}
	if w.whole && w.err != nil {
		return nil, nil, w.err
	}
	if err := final(w.status); err != nil {
		w.abandon()
		return nil, nil, err
	}
	answer := c.begin(q, w.status, w.header)
	compiled := c.compiles(w.header)
	if !w.whole {
		answer.setMark(w.head())
		answer.coming = newContent(c.limit(q), compiled)
		return answer, func() {
			w.pour(r.Context(), &answer.coming.body)
			c.logTemplateWarnings(q, answer.coming.program())
		}, nil
	}
	c.warnNoCoding(q, w.header)
	coding := header.ContentCoding(w.header)
	body, err := encoding.DecodeBytes(coding, w.buffer.Bytes(), c.limit(q))
	if err != nil {
		return nil, nil, err
	}
	answer.dropCoding(coding)
	if compiled { // it is kept with the program that refers to it
		body = fitted(body)
	}
	program := compile(body, compiled)
	c.logTemplateWarnings(q, program)
	return answer.finish(body, program), nil, nil
}

func (c *Composer) logPanic(u *url.URL, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	c.options.Logger.Error("a fragment panicked", "path", u.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
}

// dial asks another process.
func (c *Composer) dial(r *http.Request, q *query, passage *breaker.Permit) (*response, pump, error) {
	client := c.client
	if q.Backend.Guarded {
		client = c.guarded
	}
	res, err := client.Do(r, q)
	for err != nil && passage.Retry(r, err) {
		res, err = client.Do(r, q)
	}
	if err != nil {
		return nil, nil, cmp.Or(context.Cause(r.Context()), err)
	}
	answer, err := c.begin(q, res.StatusCode, res.Header), final(res.StatusCode)
	var body io.ReadCloser
	if err == nil {
		c.warnNoCoding(q, res.Header)
		body, err = answer.decode(res, c.limit(q))
	}
	if err != nil {
		_ = res.Body.Close()
		return nil, nil, err
	}
	return c.receive(r.Context(), q, answer, body, c.compiles(res.Header))
}

// beginning reads the beginning of a body whose length is given, or -1. A small
// one is often there with its header. One that is larger than the limit is never
// whole here.
func beginning(body io.Reader, length, limit int) (first []byte, whole bool, err error) {
	first = make([]byte, min(uint(length), stream.ReadBuffer, uint(limit))) // the length is large if it is not known
	n, err := body.Read(first)
	if err == io.EOF || err == nil && n == length {
		return first[:n], true, nil
	}
	return first[:n], false, err
}

// receive reads what there is of a body.
func (c *Composer) receive(ctx context.Context, q *query, answer *response, body io.ReadCloser, compiled bool) (*response, pump, error) {
	length, limit := answer.length(), c.limit(q)
	if length > limit {
		_ = body.Close()
		return nil, nil, stream.ErrTooLarge
	}
	first, whole, err := beginning(body, length, limit)
	if err != nil {
		_ = body.Close()
		return nil, nil, cmp.Or(context.Cause(ctx), err)
	}
	if whole {
		_ = body.Close()
		program := compile(first, compiled)
		c.logTemplateWarnings(q, program)
		return answer.finish(first, program), nil, nil
	}
	answer.setMark(first)
	answer.coming = newContent(limit, compiled)
	return answer, func() {
		defer func() { _ = body.Close() }()
		answer.coming.body.End(answer.coming.body.Fill(ctx, first, body))
		c.logTemplateWarnings(q, answer.coming.program())
	}, nil
}
