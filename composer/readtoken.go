package composer

import (
	"net/http"
	"time"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
)

// Errors of [Composer.ReadToken].
var (
	// ErrToken says that a page token is forged or malformed.
	ErrToken = pagetoken.ErrToken
	// ErrExpired says that a page token is older than Options.TokenAge.
	ErrExpired = pagetoken.ErrExpired
	// ErrSession says that a page token belongs to another session.
	ErrSession = pagetoken.ErrSession
)

// A Token is what a page token says: the views that a page shows, as they were
// when it was composed. Whoever holds a token can learn of changes of its views, so
// it is signed, expires, and is bound to the session that the page was made for.
type Token = pagetoken.Token

// A View is one fragment as some visitors see it: a reference, and the request
// headers that its response varies on.
type View = pagetoken.View

// Shown is a view as a page shows it.
type Shown = pagetoken.Shown

// ReadToken reads a page token for the request that presents it. The error is
// ErrToken, ErrExpired or ErrSession.
func (c *Composer) ReadToken(r *http.Request, token string) (Token, error) {
	return c.tokens.Open(token, c.SessionID(r), c.forwardedHeader(r, header.IncludeFields))
}

// RenewToken returns a token for an open page of a session that shows these views,
// as ReadToken reads it, and the time to renew that one. It is empty if the views
// do not fit into a token.
func (c *Composer) RenewToken(session string, views []Shown) (token string, next time.Time) {
	return c.tokens.Renew(session, views)
}
