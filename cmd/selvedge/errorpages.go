package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/fragments"
)

// errorPages answers failed requests: with pages for people, and with problem JSON for
// programs.
type errorPages struct {
	composer *composer.Composer
	frame    func(status int) string // the template of a page for a status
}

// fail answers a request by an error: of the composer, or of the server. A fragment's own
// words for a person stand on a page, or in a notice of the page that sent the request.
func (s *errorPages) fail(w http.ResponseWriter, r *http.Request, err error) {
	var refused *composer.RefusedError
	if errors.As(err, &refused) && refused.Body != nil && fragments.PrefersHTML(r) {
		if !fragments.InBackground(r) || fragments.SwapError(w, r, refused.Status, refused.Body) != nil {
			s.show(w, r, composer.Answer{Status: refused.Status, Body: refused.Body})
		}
		return
	}
	s.problem(w, r, problemOf(err))
}

// problemOf returns the problem of an error, in the words of the shop.
func problemOf(err error) *fragments.Problem {
	var refused *composer.RefusedError
	switch {
	case isAnswered(err):
		return server.ProblemOf(err)
	case errors.As(err, &refused):
		return &fragments.Problem{Status: refused.Status,
			Detail: "This page cannot be had as it was asked for. Asked with Accept: text/html, it says why."}
	case errors.Is(err, context.DeadlineExceeded):
		return &fragments.Problem{Status: http.StatusGatewayTimeout, Title: "This takes too long", Err: err,
			Detail: "The part of the shop that should answer does not. If you sent a form, look whether it arrived before you send it again."}
	}
	return &fragments.Problem{Status: composer.StatusOf(err), Title: "A part of the shop is out of reach", Err: err,
		Detail: "The part of the shop that should answer cannot be reached. Please try again in a moment."}
}

// isAnswered reports whether package server has the words for an error: a request that is
// refused, that did not arrive, or that names no fragment.
func isAnswered(err error) bool {
	var malformed *composer.ReferenceError
	var unknown *composer.VersionError
	var problem *server.Problem
	var refused *server.RequestError
	var incomplete *composer.RequestError
	return errors.As(err, &problem) || errors.As(err, &refused) || errors.As(err, &incomplete) ||
		errors.As(err, &malformed) || errors.As(err, &unknown)
}

// problem answers with a problem: on a page for a person who navigates, and otherwise as
// package fragments does.
func (s *errorPages) problem(w http.ResponseWriter, r *http.Request, p *fragments.Problem) {
	if !fragments.PrefersHTML(r) || fragments.InBackground(r) {
		fragments.Error(w, r, p)
		return
	}
	s.show(w, r, composer.Answer{Status: p.Status, Body: fragments.Explain(r, p)})
}

// show answers with a page of the shop, or with a bare page if the template of the page
// fails too.
func (s *errorPages) show(w http.ResponseWriter, r *http.Request, a composer.Answer) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")
	fragments.SetRetryAfter(w.Header(), a.Status)
	if err := s.composer.Frame(w, r, s.frame(a.Status), a); err != nil {
		server.WritePage(w, a.Status, a.Body)
	}
}

// notFound answers a request for an unknown address.
func (s *errorPages) notFound(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, nothingThere())
}

func nothingThere() error {
	return &server.Problem{Status: http.StatusNotFound, Detail: "There is nothing at this address."}
}

// routeErrors has the function fail answer the requests without a route. If the path has
// routes for other methods, the response is 405, and Allow lists the methods (RFC 9110
// §15.5.6), because chi sets Allow only in its own response.
func routeErrors(routes *chi.Mux, fail func(http.ResponseWriter, *http.Request, error)) {
	nowhere := func(w http.ResponseWriter, r *http.Request) { fail(w, r, nothingThere()) }
	routes.NotFound(nowhere)
	routes.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		allowed := allowedBy(routes, cmp.Or(r.URL.RawPath, r.URL.Path))
		if len(allowed) == 0 { // because chi tries no route for an unknown method
			nowhere(w, r)
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		fail(w, r, &server.Problem{Status: http.StatusMethodNotAllowed, Detail: "This address does not answer " + r.Method + "."})
	})
}

// allowedBy returns the methods with a route for a path.
func allowedBy(routes chi.Routes, path string) []string {
	var allowed []string
	for method := range strings.SplitSeq(server.AllowedMethods, ", ") {
		if routes.Match(chi.NewRouteContext(), method, path) {
			allowed = append(allowed, method)
		}
	}
	return allowed
}
