package composer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"unique"

	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/page"
	"selvedge/composer/internal/requestbody"
	"selvedge/composer/internal/stream"
	"selvedge/composer/registry"
)

// Forward hands requests to the named fragment, with their method and path: forms and API
// calls. [Source] lists the fields and cookies that the fragment receives.
//
// Outcomes:
//   - A response is passed on, and its Cache-Group-Invalidation is obeyed (see
//     [Composer.Invalidate]) before it leaves.
//   - An HTML error with Selvedge-Error: show was written for the person at the browser. It
//     is passed to Options.Error as a [RefusedError], which can be put into a page with
//     [Composer.Frame].
//   - A panic, a timeout or a lost connection before the first byte of the response is
//     passed to Options.Error. After the first byte, the connection is aborted.
//
// A response has no limit in size, unless it is kept for a page: then Options.MaxFragment.
// Informational responses (1xx) and trailers are dropped. Responses to GET are neither
// stored nor taken from the cache.
func (c *Composer) Forward(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ref, err := registry.ReferenceFor(name, r.URL)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		c.forward(w, r, ref)
	})
}

func (c *Composer) forward(w http.ResponseWriter, r *http.Request, ref Reference) {
	entry, err := c.registry.Lookup(ref)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	r = normalHost(r)
	ctx, cancel := context.WithTimeout(r.Context(), c.options.ActionTimeout)
	defer cancel()
	target := cache.Key{Target: registry.Target{Backend: entry, URI: ref.RequestURI()}, Scope: unique.Make(cache.ScopeOf(r))}
	cookies := func(h http.Header) []string { return header.OwnSetCookies(h, entry.SetCookies, c.sessions.reserves) }
	answer := newForwardWriter(w, c.options.MaxFragment, cookies, func(status int, h http.Header) {
		if header.Invalidates(r.Method, status) {
			c.invalidate(cache.Purge{Groups: ChangedGroups(h), Target: target})
		}
	})
	action := r.WithContext(ctx)
	body := requestbody.New(w, action)
	if body != nil {
		defer body.End()
		defer context.AfterFunc(ctx, body.Interrupt)()
	}
	answer.body = body
	err = body.ReadAhead(action)
	if err == nil {
		err = c.act(answer, action, entry, ref)
	}
	_ = answer.send()
	if err != nil {
		if answer.begun() {
			panic(http.ErrAbortHandler)
		}
		body.CloseConnection(w.Header())
		c.fail(w, r, err)
	}
}

// fail answers a request with an error. If the client has left, fail panics with
// http.ErrAbortHandler instead, and Options.Error is not called.
func (c *Composer) fail(w http.ResponseWriter, r *http.Request, err error) {
	var request *RequestError // an unreadable body ends the context too, in net/http
	if errors.Is(r.Context().Err(), context.Canceled) && !errors.As(err, &request) {
		panic(http.ErrAbortHandler)
	}
	if refused := (*RefusedError)(nil); errors.As(err, &refused) {
		maps.Copy(w.Header(), refused.Header)
	}
	if h := w.Header(); StatusOf(err) == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", page.RetryAfter) // RFC 9110 §15.6.4
	}
	c.options.Error(w, r, err)
}

// act sends a request to a source, and its response to w. The error is a *RequestError, a
// *RefusedError for a response to be shown in a page, or else a *FetchError.
func (c *Composer) act(w *forwardWriter, r *http.Request, s *registry.Backend, ref Reference) error {
	out, err := newAction(r, s.Source, ref)
	if err == nil {
		out.Header = c.forwardedHeader(r, header.ActionFields, s)
		if !header.ExpectsContinue(r) {
			delete(out.Header, "Expect")
		}
		err = c.askFor(w, out, s, breaker.Request{Method: r.Method, Target: ref.RequestURI(), Client: c.clientOf(r), Uploading: !w.body.IsComplete()})
	}
	var request *RequestError
	switch {
	case errors.As(err, &request):
		return request
	case err != nil:
		return &FetchError{Reference: ref.String(), Err: cmp.Or(context.Cause(r.Context()), err)}
	case w.shown != nil && w.shown.IsTooLarge:
		return &FetchError{Reference: ref.String(), Status: w.status, Err: stream.ErrTooLarge}
	case w.shown != nil:
		e := page.NewRefusedError(ref.String(), w.status, w.header)
		e.Body = w.shown.Body.Bytes()
		return e
	}
	return nil
}

// askFor sends a request to a source, in a slot among the requests in flight.
func (c *Composer) askFor(w *forwardWriter, r *http.Request, s *registry.Backend, a breaker.Request) error {
	passage, err := c.fetcher.GuardOf(s).Acquire(r.Context(), a)
	if err != nil {
		return cmp.Or(w.body.ErrWhen(r.Context()), err)
	}
	defer passage.Release()
	w.release = passage.Release
	if s.Handler == nil {
		return c.askURL(w, r, passage)
	}
	err = c.askHandler(w, r, s.Handler)
	switch failure := w.body.ErrWhen(r.Context()); {
	case failure != nil && err != nil:
		return failure
	case failure != nil: // the response of the handler tells the client
	case err != nil:
		passage.RecordRefusal(r.Context(), err)
	default:
		passage.RecordResponse(w.status)
	}
	return err
}

// newAction returns the request that a source receives in place of r. Its header is still
// that of r.
func newAction(r *http.Request, source Source, ref Reference) (*http.Request, error) {
	target, err := source.Locate(ref.RequestURI())
	if err != nil {
		return nil, err
	}
	out := r.WithContext(r.Context())
	out.URL = target
	if source.Handler != nil {
		out.RequestURI = ref.RequestURI()
		return out, nil
	}
	out.Host, out.RequestURI, out.Close = "", "", false
	out.TransferEncoding, out.Trailer = nil, nil
	if out.ContentLength == 0 {
		out.Body = http.NoBody // net/http sends any other body in chunks
	}
	return out, nil
}

// askHandler runs a handler of this process, and returns when the handler returns. A
// handler that changes data should obey its context, because the client may get a time-out
// for a change that happens later.
func (c *Composer) askHandler(w *forwardWriter, r *http.Request, h http.Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.fetcher.LogPanic(r.URL, p)
			err = fetch.ErrPanic
		}
	}()
	h.ServeHTTP(w, r)
	if w.status == 0 && r.Context().Err() != nil {
		return r.Context().Err()
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

func (c *Composer) askURL(w *forwardWriter, r *http.Request, passage *breaker.Permit) error {
	defer func() { _ = r.Body.Close() }() // no goroutine may read the body after this one
	res, err := c.transport.RoundTrip(r)
	for err != nil && passage.Retry(r, err) {
		res, err = c.transport.RoundTrip(r)
	}
	if err != nil {
		if failure := w.body.ErrWhen(r.Context()); failure != nil {
			return failure
		}
		passage.RecordRefusal(r.Context(), err)
		return err
	}
	if w.body.Err() == nil {
		passage.RecordResponse(res.StatusCode)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode < 200 {
		return fmt.Errorf("it answered %d", res.StatusCode)
	}
	maps.Copy(w.Header(), res.Header)
	w.WriteHeader(res.StatusCode)
	_, err = io.Copy(w, res.Body)
	return err
}
