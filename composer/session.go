package composer

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"selvedge/composer/internal/header"
)

// sessionKey is the context key of the session given to a request by the Session or
// WithSession of a composer.
type sessionKey struct{ composer *Composer }

// Session is middleware that gives every browser a session: 128 random bits as 32
// hexadecimal digits. The first request has the session too. [Composer.SessionID] returns it.
// Fragments receive it as a cookie with the name of Options.SessionCookie, without the
// signature. Page tokens are bound to it.
//
// The browser keeps the session in a signed cookie (see Options.SessionCookie):
//   - Scripts cannot read it, and forms of other sites do not send it (HttpOnly, SameSite).
//   - Once set over TLS, it is not sent over plain connections (Secure).
//   - It lasts 30 days, and is renewed when a third of that time has passed, so the
//     session of a regular visitor does not end.
//   - A cookie with another signature, or older than 30 days, is no session: a visitor
//     cannot choose a session (session fixation).
//   - Of several signed cookies the first valid one counts. The others come from a cookie
//     with a wider domain or another path, and are expired (cookie tossing).
//   - Cookies of another program, or of another site with Session on the same host, are
//     never changed. If the name of Options.SessionCookie is taken, the default name is
//     used, and if both are taken, a name that ends with a tag of Options.TokenKey. A cookie is
//     the site's if it has the form of a session and the tag in its value.
//
// A request of a script (HX-Request: true) without a session comes from a page of another
// session. Its response says HX-Refresh: true, and htmx and selvedge.js load the page
// again.
func (c *Composer) Session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found := c.sessions.find(r)
		switch {
		case found.id == "":
			found.id = newSessionID()
			http.SetCookie(w, c.sessions.cookie(r, found))
			if r.Header.Get("Hx-Request") == "true" {
				w.Header().Set(header.HxRefresh, "true")
			}
		case found.others:
			c.sessions.expireOthers(w.Header(), r, found)
		case time.Since(found.issued) >= sessionRenewal:
			http.SetCookie(w, c.sessions.cookie(r, found))
		}
		next.ServeHTTP(w, c.WithSession(r, found.id))
	})
}

// CookieNames returns the names of the cookies that the composer reads: those of sessions,
// and those that fragments receive; "*" is all. A source that is added to the registry can
// add names.
func (c *Composer) CookieNames() []string {
	return slices.Concat(c.sessions.plain, c.sessions.secure, c.options.Cookies, c.registry.CookieNames())
}

// SessionID returns the session of a request, in this order:
//  1. the session given by Session or WithSession;
//  2. the session of a signed cookie;
//  3. nothing.
func (c *Composer) SessionID(r *http.Request) string {
	if id, given := c.givenSession(r); given {
		return id
	}
	return c.sessions.find(r).id
}

// WithSession returns r with a session that the caller has verified. It is for
//   - a site with sessions of its own, instead of Session;
//   - the process of a fragment, behind another composer.
//
// The id must be secret. It has 1 to 128 letters, digits, hyphens and underscores; with
// any other id, the request has no session.
func (c *Composer) WithSession(r *http.Request, id string) *http.Request {
	if len(id) > 128 || strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		id = ""
	}
	return r.WithContext(context.WithValue(r.Context(), sessionKey{c}, id))
}

func (c *Composer) givenSession(r *http.Request) (id string, given bool) {
	id, given = r.Context().Value(sessionKey{c}).(string)
	return id, given
}

// includeCookies returns the cookies that a source receives, each as name=value:
//   - those with the given names, of Options.Cookies or Source.Cookies;
//   - the session, as its id without the signature, because a fragment with the
//     signature could act as the visitor;
//   - no other cookie with a name of the session's cookies.
//
// With Options.Origin, the cookies of a request without Session are passed on unchanged,
// because the sessions are the origin's.
func (c *Composer) includeCookies(r *http.Request, names []string) []string {
	pairs := header.AllowedCookies(r.Header, names)
	id, given := c.givenSession(r)
	if !given && (c.options.Origin != nil || len(r.Header["Cookie"]) == 0) {
		return pairs
	}
	pairs = slices.DeleteFunc(pairs, c.sessions.isNamed)
	if !c.sessions.passes(names) {
		return pairs
	}
	if !given {
		id = c.sessions.find(r).id
	}
	if id != "" {
		pairs = append(pairs, c.sessions.name+"="+id)
	}
	return pairs
}
