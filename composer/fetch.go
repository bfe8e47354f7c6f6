package composer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"time"

	"selvedge/composer/esi"
)

// response is a fragment's whole answer.
type response struct {
	status int
	header http.Header
	body   []byte

	styles  []string     // the stylesheets that it announced
	groups  []string     // the data that it was made from
	program *esi.Program // of the body, nil if it is not to be read as ESI
}

// ok reports whether the answer may stand in a page (2xx).
func (r *response) ok() bool { return r.status >= 200 && r.status < 300 }

// usable returns why an answer is none, whatever its body: it must be final,
// and in no encoding, since we ask for none.
func usable(status int, h http.Header) error {
	if status < 200 || status > 599 {
		return fmt.Errorf("the answer has the status %d", status)
	}
	if encoding := h.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return errEncoded
	}
	return nil
}

// fetch returns what a fragment answers to a request with these headers, all
// of it: from the cache, or by asking the fragment and waiting for it. Any
// status is an answer, which others may have too, so that it must not be
// changed. The error is a *FetchError or *VersionError.
func (c *Composer) fetch(ctx context.Context, ref Reference, header http.Header, wait time.Duration) (*response, error) {
	answer, _, err := c.obtain(ctx, ref, header, wait)
	return answer, err
}

// obtain is fetch that says how the cache was used.
func (c *Composer) obtain(ctx context.Context, ref Reference, header http.Header, wait time.Duration) (*response, use, error) {
	entry, err := c.registry.resolve(ref)
	if err != nil {
		return nil, use{}, err
	}
	k := keyOf(entry, ref, header)
	if c.cache != nil {
		if answer, u := c.cache.hit(k, header); answer != nil {
			return answer, u, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	ask := func(ctx context.Context, header http.Header) (*response, error) {
		return c.askFor(ctx, entry.source, ref, header)
	}
	var answer *response
	u := use{forward: forwardAll}
	if c.cache != nil {
		answer, u, err = c.cache.get(ctx, k, header, ask)
	} else {
		answer, err = ask(ctx, header)
	}
	if err != nil {
		return nil, u, &FetchError{Reference: ref.String(), Err: err}
	}
	return answer, u, nil
}

// askFor asks a source and reads what its answer says to us.
func (c *Composer) askFor(ctx context.Context, source Source, ref Reference, header http.Header) (*response, error) {
	r, err := newRequest(ctx, source, ref, header)
	if err != nil {
		return nil, err
	}
	var answer *response
	if source.Handler != nil {
		answer, err = c.call(source.Handler, r)
	} else {
		answer, err = c.dial(r)
	}
	if err != nil {
		return nil, err
	}
	answer.header = answer.header.Clone() // a handler may have kept it
	answer.body = slices.Clip(bytes.Clone(answer.body))
	if answer.ok() {
		answer.styles = c.styles.learn(ref.Name, source.URL != nil, answer.header)
	}
	answer.groups = groupsOf(answer.header)
	if optsIn(answer.header) {
		answer.program = esi.Compile(answer.body)
	}
	return answer, nil
}

func newRequest(ctx context.Context, source Source, ref Reference, header http.Header) (*http.Request, error) {
	target, err := source.locate(ref)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody)
	if err != nil {
		return nil, err
	}
	r.URL = target
	r.Header = header.Clone()
	if source.Handler != nil {
		r.Host = header.Get("X-Forwarded-Host")
		r.RequestURI = ref.target()
	}
	return r, nil
}

// call runs a handler of this process. If the request's context ends first,
// call returns at once and the handler's answer is thrown away when it comes:
// a handler that ignores its context costs a goroutine, not the page.
func (c *Composer) call(h http.Handler, r *http.Request) (*response, error) {
	type result struct {
		response *response
		err      error
	}
	done := make(chan result, 1)
	go func() {
		w := newRecorder(c.options.MaxFragment)
		defer func() {
			if p := recover(); p != nil {
				c.logPanic(r.URL, p)
				done <- result{nil, errPanic}
			}
		}()
		h.ServeHTTP(w, r)
		answer, err := w.response()
		done <- result{answer, err}
	}()
	select {
	case res := <-done:
		return res.response, res.err
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func (c *Composer) logPanic(u *url.URL, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	c.options.Logger.Error("a fragment panicked", "path", u.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
}

// dial asks another process.
func (c *Composer) dial(r *http.Request) (*response, error) {
	res, err := c.transport.RoundTrip(r)
	if err != nil {
		return nil, contextError(r.Context(), err)
	}
	defer func() { _ = res.Body.Close() }()
	if err := usable(res.StatusCode, res.Header); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(c.options.MaxFragment)+1))
	if err != nil {
		return nil, contextError(r.Context(), err)
	}
	if len(body) > c.options.MaxFragment {
		return nil, errTooLarge
	}
	return &response{status: res.StatusCode, header: res.Header, body: body}, nil
}

// contextError prefers the reason for which we stopped waiting to the error
// that this caused.
func contextError(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	return err
}
