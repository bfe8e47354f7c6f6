package composer

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"selvedge/composer/internal/header"
)

// sessionKey is the context key of the session that a composer's Session, or
// WithSession, gave to a request.
type sessionKey struct{ composer *Composer }

// Session is middleware that gives every browser a session: 128 random bits
// as 32 hexadecimal digits, in a signed cookie (see Options.SessionCookie) that
// scripts cannot read, that forms of other sites do not carry, and that stays
// off plain connections once it was set over TLS. The first request has the
// session too. SessionID returns it; fragments receive it as a cookie with the
// name of Options.SessionCookie and without the signature.
//
//   - A cookie is made anew when a third of its 30 days is over, so that the
//     session of who keeps coming does not end.
//   - A cookie that this site did not sign, or whose 30 days are over, is no
//     session, so that a session cannot be chosen by its visitor.
//   - Of several signed cookies the first valid one counts. The others are
//     expired, since they are from a cookie with a wider domain or another path
//     (cookie tossing).
//   - A cookie of another program, or of another site with Session on the same
//     host, is never changed. If it has the name of the option, the session is
//     kept in the cookie of the default name, and if it has that name too, in one
//     whose name ends with a tag of Options.TokenKey. Only cookies with the form
//     of a session and the tag in their value are the site's.
//   - A request of a script (HX-Request: true) that begins a session comes from a
//     page of another one. Its answer says HX-Refresh: true, on which htmx and
//     selvedge.js load the page again.
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

// CookieNames returns the names of the cookies that requests to the composer
// are read for: those of sessions, and those that fragments receive; "*" is all.
func (c *Composer) CookieNames() []string {
	return slices.Concat(c.sessions.plain, c.sessions.secure, c.options.Cookies)
}

// SessionID returns the session of a request: the one that Session or
// WithSession gave to it, or else that of a signed cookie. It is empty if the
// request has none.
func (c *Composer) SessionID(r *http.Request) string {
	if id, given := c.givenSession(r); given {
		return id
	}
	return c.sessions.find(r).id
}

// WithSession returns r with a session that its caller has verified, for a site
// that has sessions of its own instead of Session, and for a fragment's process
// behind another composer. The id is 1 to 128 letters, digits, hyphens and
// underscores, and is secret; a request with any other id has no session.
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

// includeCookies returns the cookies of a request that fragments receive, each
// as name=value. The session is its id alone, so that a fragment cannot act as
// its visitor, and a cookie that only has the session's name is left out.
//
// A composer with an Origin passes on the cookies of a request without Session
// as they are, because its sessions are the origin's.
func (c *Composer) includeCookies(r *http.Request) []string {
	pairs := header.AllowedCookies(r.Header, c.options.Cookies)
	id, given := c.givenSession(r)
	if !given && (c.options.Origin != nil || len(r.Header["Cookie"]) == 0) {
		return pairs
	}
	pairs = slices.DeleteFunc(pairs, c.sessions.isNamed)
	if !c.sessions.passes {
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
