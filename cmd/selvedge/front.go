package main

import (
	"net/http"

	"selvedge/composer/server"
	"selvedge/composer/site"
)

// front returns a handler that logs, checks and protects every request before next.
func front(h *httpServer, pages *errorPages, p *server.Probes, next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Another site's page made this browser send the request (cross-site request forgery).
		pages.fail(w, r, &server.Problem{Status: http.StatusForbidden,
			Detail: "This form was sent by a page of another site."})
	}))
	inner := server.RequestCheck{Hosts: h.hosts, Refuse: refuseBy(pages.fail)}.Handler(crossOrigin.Handler(next))
	return server.LogRequests(h.logger, server.Recover(h.logger, site.SecurityHeaders(h.config.Policy, p.Handler("", inner))))
}

// refuseBy returns the function for server.RequestCheck.Refuse, by a function for all
// errors.
func refuseBy(fail func(http.ResponseWriter, *http.Request, error)) func(http.ResponseWriter, *http.Request, *server.RequestError) {
	return func(w http.ResponseWriter, r *http.Request, err *server.RequestError) { fail(w, r, err) }
}
