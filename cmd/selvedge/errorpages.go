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
	"selvedge/composer/site"
	"selvedge/fragments"
)

// problemOf returns the problem of an error, in the words of the shop for a part that
// refuses or does not answer.
func problemOf(err error) *fragments.Problem {
	var refused *composer.RefusedError
	var failed *composer.FetchError
	switch {
	case errors.As(err, &refused):
		return &fragments.Problem{Status: refused.Status,
			Detail: "This page cannot be had as it was asked for. Asked with Accept: text/html, it says why."}
	case errors.Is(err, context.DeadlineExceeded):
		return &fragments.Problem{Status: http.StatusGatewayTimeout, Title: "This takes too long", Err: err,
			Detail: "The part of the shop that should answer does not. If you sent a form, look whether it arrived before you send it again."}
	case errors.As(err, &failed):
		return &fragments.Problem{Status: composer.StatusOf(err), Title: "A part of the shop is out of reach", Err: err,
			Detail: "The part of the shop that should answer cannot be reached. Please try again in a moment."}
	}
	return server.ProblemOf(err)
}

// routeErrors has pages answer the requests without a route. If the path has routes for
// other methods, the response is 405, and Allow lists the methods, because chi sets Allow
// only in its own response.
func routeErrors(routes *chi.Mux, pages *site.ErrorPages) {
	routes.NotFound(pages.NotFound)
	routes.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		allowed := allowedBy(routes, cmp.Or(r.URL.RawPath, r.URL.Path))
		if len(allowed) == 0 { // because chi tries no route for an unknown method
			pages.NotFound(w, r)
			return
		}
		pages.NotAllowed(w, r, strings.Join(allowed, ", "))
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
