package main

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"selvedge/composer/server"
	"selvedge/fragments"
)

// policy is the Content-Security-Policy of every answer: nothing inline,
// nothing from elsewhere. It is what makes an injected tag harmless.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// front is what every request passes on its way in.
func (s *site) front(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(http.HandlerFunc(s.crossSite))
	inner := server.RequestCheck{Hosts: s.hosts, Refuse: refuseBy(s.problem)}.Handler(crossOrigin.Handler(next))
	s.whole = identify(s.logger, recoverPanic(s.logger, secure(s.probes("", inner))))
	return s.whole
}

// refuseBy returns what answers a request that is no request of the site.
func refuseBy(answer func(http.ResponseWriter, *http.Request, *fragments.Problem)) func(http.ResponseWriter, *http.Request, *server.RequestError) {
	return func(w http.ResponseWriter, r *http.Request, why *server.RequestError) {
		answer(w, r, &fragments.Problem{Status: why.Status, Detail: why.Detail})
	}
}

// recoverPanic keeps a mistake of ours to the request that met it.
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
			panic(http.ErrAbortHandler) // the answer may have begun: cut it
		}()
		next.ServeHTTP(w, r)
	})
}

// secure sets the headers that keep a browser from doing more with an answer
// than show it.
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

// crossSite refuses a write that another site's page made this browser send
// (cross-site request forgery).
func (s *site) crossSite(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, &fragments.Problem{Status: http.StatusForbidden,
		Detail: "This form was sent by a page of another site."})
}
