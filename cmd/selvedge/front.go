package main

import (
	"net/http"

	"selvedge/composer/server"
	"selvedge/composer/site"
)

// front returns a handler that logs, checks and protects every request before next.
func front(h *httpServer, pages *site.ErrorPages, p *server.Probes, next http.Handler) http.Handler {
	inner := server.RequestCheck{Hosts: h.hosts, Refuse: pages.Refuse}.Handler(pages.CrossOrigin(next))
	return server.LogRequests(h.logger, server.Recover(h.logger, site.SecurityHeaders(h.config.Policy, p.Handler("", inner))))
}
