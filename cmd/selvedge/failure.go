package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/fragments"
)

// fail answers a request that the composer could not answer.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	var refused *composer.RefusedError
	if errors.As(err, &refused) && refused.Body != nil && fragments.PrefersHTML(r) {
		if !fragments.InBackground(r) || fragments.SwapError(w, r, refused.Status, refused.Body) != nil {
			s.show(w, r, composer.Answer{Status: refused.Status, Body: refused.Body})
		}
		return
	}
	s.problem(w, r, problemOf(err))
}

// problemOf says an error of the composer in words for who asked.
func problemOf(err error) *fragments.Problem {
	var request *composer.RequestError
	var refused *composer.RefusedError
	var reference *composer.ReferenceError
	var version *composer.VersionError
	switch {
	case errors.As(err, &request):
		return bodyProblem(request)
	case errors.As(err, &refused):
		return &fragments.Problem{Status: refused.Status,
			Detail: "This page cannot be had as it was asked for. Asked with Accept: text/html, it says why."}
	case errors.As(err, &reference):
		return &fragments.Problem{Status: http.StatusBadRequest, Detail: sentence(reference)}
	case errors.As(err, &version):
		return &fragments.Problem{Status: http.StatusNotFound, Detail: sentence(version),
			Extra: map[string]any{"versions": version.Versions}}
	case errors.Is(err, context.DeadlineExceeded):
		return &fragments.Problem{Status: http.StatusGatewayTimeout, Title: "This takes too long", Err: err,
			Detail: "The part of the shop that should answer does not. If you sent a form, look whether it arrived before you send it again."}
	}
	return &fragments.Problem{Status: composer.StatusOf(err), Title: "A part of the shop is out of reach", Err: err,
		Detail: "The part of the shop that should answer cannot be reached. Please try again in a moment."}
}

// bodyProblem says in words that a request did not arrive as a whole.
func bodyProblem(err *composer.RequestError) *fragments.Problem {
	p := &fragments.Problem{Status: err.Status, Err: err, Detail: "The request is not complete, or is malformed. Please send it again."}
	switch err.Status {
	case http.StatusRequestTimeout:
		p.Detail = "The request took too long to arrive. Please send it again."
	case http.StatusRequestEntityTooLarge:
		p.Detail = "The request is larger than what is taken here."
	}
	return p
}

// sentence makes one of an error's text.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// problem answers with a problem: on a page for who prefers HTML and has sent
// the request by themselves, and otherwise as the kit does.
func (s *site) problem(w http.ResponseWriter, r *http.Request, p *fragments.Problem) {
	if !fragments.PrefersHTML(r) || fragments.InBackground(r) {
		fragments.Error(w, r, p)
		return
	}
	s.show(w, r, composer.Answer{Status: p.Status, Body: fragments.Explain(r, p)})
}

// show puts an answer on a page of its own. Should even the page's template be
// out of reach, the answer stands on an empty one.
func (s *site) show(w http.ResponseWriter, r *http.Request, a composer.Answer) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")
	fragments.SetRetryAfter(w.Header(), a.Status)
	if err := s.composer.Frame(w, r, s.frame(a.Status), a); err != nil {
		showBare(w, a.Status, a.Body)
	}
}

// showBare puts an answer on a page with nothing around it.
func showBare(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	fragments.SetRetryAfter(h, status)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, bareHead)
	_, _ = w.Write(body)
	_, _ = io.WriteString(w, `</main></body></html>`)
}

// bareHead begins a page that needs nothing but itself. In the shop, whose
// policy allows no styles in a page, it is a plain one.
const bareHead = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">` +
	`<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Selvedge</title>` +
	`<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1.25rem}h1{font-size:1.6rem}.muted{opacity:.75}</style>` +
	`</head><body><main>`

// notFound answers what leads nowhere.
func (s *site) notFound(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, nothingThere())
}

func nothingThere() *fragments.Problem {
	return &fragments.Problem{Status: http.StatusNotFound, Detail: "There is nothing at this address."}
}

// astray has say answer what none of the routes does. With another method they
// may, and those are named (RFC 9110 §15.5.6): chi leaves that to a handler that
// is not its own.
func astray(routes *chi.Mux, say func(http.ResponseWriter, *http.Request, *fragments.Problem)) {
	nowhere := func(w http.ResponseWriter, r *http.Request) { say(w, r, nothingThere()) }
	routes.NotFound(nowhere)
	routes.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		allowed := allowedBy(routes, cmp.Or(r.URL.RawPath, r.URL.Path))
		if len(allowed) == 0 { // chi asks no route for a method that it does not know
			nowhere(w, r)
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		say(w, r, &fragments.Problem{Status: http.StatusMethodNotAllowed, Detail: "This address does not answer " + r.Method + "."})
	})
}

// allowedBy returns the methods that a path is routed for.
func allowedBy(routes chi.Routes, path string) []string {
	var allowed []string
	for method := range strings.SplitSeq(server.AllowedMethods, ", ") {
		if routes.Match(chi.NewRouteContext(), method, path) {
			allowed = append(allowed, method)
		}
	}
	return allowed
}
