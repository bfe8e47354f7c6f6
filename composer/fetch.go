package composer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"
)

// response is a fragment's whole answer.
type response struct {
	status int
	header http.Header
	body   []byte
	styles []string // the stylesheets that it announced
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

// fetch asks a fragment, with the headers of the page's request that it may
// see, and waits for its whole answer. Any status is an answer; the error is a
// *FetchError or *VersionError.
func (c *Composer) fetch(ctx context.Context, ref Reference, header http.Header, wait time.Duration) (*response, error) {
	source, err := c.registry.Resolve(ref)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	r, err := newRequest(ctx, source, ref, header)
	if err != nil {
		return nil, &FetchError{Reference: ref.String(), Err: err}
	}
	var answer *response
	if source.Handler != nil {
		answer, err = c.call(source.Handler, r)
	} else {
		answer, err = c.dial(r)
	}
	if err != nil {
		return nil, &FetchError{Reference: ref.String(), Err: err}
	}
	if answer.ok() {
		answer.styles = c.styles.learn(ref.Name, source.URL != nil, answer.header)
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
