package composer

import (
	"context"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// Forward hands requests to the named fragment as they are, path and method
// included: this is how forms and API calls reach it. The fragment sees the
// headers and cookies on the allow list only.
//
// A 4xx answer that is written for the person at the browser makes the request
// fail with a *RefusedError, so that it can be put into a page.
func (c *Composer) Forward(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.forward(w, r, Reference{Name: name, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery})
	})
}

func (c *Composer) forward(w http.ResponseWriter, r *http.Request, ref Reference) {
	source, err := c.registry.Resolve(ref)
	if err != nil {
		c.options.Error(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), c.options.ActionTimeout)
	defer cancel()
	answer := newAnswerWriter(w, c.options.MaxFragment)
	if err := c.ask(answer, r.WithContext(ctx), source, ref); err != nil {
		if answer.begun() || errors.Is(r.Context().Err(), context.Canceled) {
			panic(http.ErrAbortHandler)
		}
		answer.undo()
		c.options.Error(w, r, err)
	}
}

// ask has a source answer a request. The error is a *FetchError, or a
// *RefusedError if the answer is to be shown in a page.
func (c *Composer) ask(w *answerWriter, r *http.Request, source Source, ref Reference) error {
	var err error
	if source.Handler != nil {
		err = c.askHandler(w, r, source.Handler, ref)
	} else {
		err = c.askURL(w, r, source.URL, ref)
	}
	switch {
	case err != nil:
		return &FetchError{Reference: ref.String(), Err: err}
	case w.shown != nil && w.shown.tooLarge:
		return &FetchError{Reference: ref.String(), Status: w.status, Err: errTooLarge}
	case w.shown != nil:
		return &RefusedError{ref.String(), w.status, w.shown.body.Bytes()}
	}
	return nil
}

func (c *Composer) askHandler(w http.ResponseWriter, r *http.Request, h http.Handler, ref Reference) (err error) {
	target, err := url.Parse(ref.target())
	if err != nil {
		return err
	}
	out := r.WithContext(r.Context())
	out.URL, out.RequestURI = target, ref.target()
	out.Header = c.pass(r, actionHeaders)
	defer func() {
		if p := recover(); p != nil {
			c.logPanic(target, p)
			err = errPanic
		}
	}()
	h.ServeHTTP(w, out)
	return nil
}

func (c *Composer) askURL(w http.ResponseWriter, r *http.Request, base *url.URL, ref Reference) (err error) {
	target, err := url.Parse(strings.TrimSuffix(base.String(), "/") + ref.target())
	if err != nil {
		return err
	}
	proxy := httputil.ReverseProxy{
		Transport: c.transport,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL, p.Out.Host = target, ""
			p.Out.Header = c.pass(p.In, actionHeaders)
		},
		ErrorHandler: func(_ http.ResponseWriter, r *http.Request, proxyErr error) {
			err = contextError(r.Context(), proxyErr)
		},
	}
	proxy.ServeHTTP(w, r)
	return err
}
