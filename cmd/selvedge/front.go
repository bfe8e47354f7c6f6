package main

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"selvedge/cmd/selvedge/internal/logging"
	"selvedge/composer/server"
)

// policy is the Content-Security-Policy of every response. It allows no inline script or
// style and no file of another site, so that an injected tag is harmless (cross-site
// scripting).
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// front returns a handler that logs, checks and protects every request before next.
func front(h *httpServer, pages *errorPages, p *probes, next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Another site's page made this browser send the request (cross-site request forgery).
		pages.fail(w, r, &server.Problem{Status: http.StatusForbidden,
			Detail: "This form was sent by a page of another site."})
	}))
	inner := server.RequestCheck{Hosts: h.hosts, Refuse: refuseBy(pages.fail)}.Handler(crossOrigin.Handler(next))
	return logging.Requests(h.logger, recoverPanic(h.logger, secure(p.handler("", inner))))
}

// refuseBy returns the function for server.RequestCheck.Refuse, by a function for all
// errors.
func refuseBy(fail func(http.ResponseWriter, *http.Request, error)) func(http.ResponseWriter, *http.Request, *server.RequestError) {
	return func(w http.ResponseWriter, r *http.Request, err *server.RequestError) { fail(w, r, err) }
}

// recoverPanic returns a handler that logs a panic of next, and cuts the response off.
func recoverPanic(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				logger.ErrorContext(r.Context(), "panic", "value", p, "stack", string(debug.Stack()))
			}
			panic(http.ErrAbortHandler) // because the response may have begun
		}()
		next.ServeHTTP(w, r)
	})
}

// secure returns a handler that sets the security headers of every response.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
