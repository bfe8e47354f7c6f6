package composer

import (
	"net/http"
	"time"

	"selvedge/composer/internal/pagetoken"
)

// Errors of [Composer.ReadToken].
var (
	// ErrToken is the error of a page token that is forged or malformed.
	ErrToken = pagetoken.ErrToken
	// ErrExpired is the error of a page token that is older than Options.TokenAge.
	ErrExpired = pagetoken.ErrExpired
	// ErrSession is the error of a page token of another session.
	ErrSession = pagetoken.ErrSession
)

// A Token is the content of a page token: the views of a page, with their ETags and
// revisions at the time of the page. The holder of a token learns of changes of its views,
// so a token is signed, expires, and is bound to the session of its page.
type Token = pagetoken.Token

// A View is a fragment as a group of visitors sees it: a reference, and the request fields
// in its Vary. $(SELVEDGE_PAGE) in a template, inside esi:vars and after all includes,
// stands for a page token with the views of the page. $(SELVEDGE_LIVE) contains it (see
// Options.LiveElement).
//
// An include is a view if both hold:
//   - the response has Cache-Groups (RFC 9875 §2);
//   - its first element has an id.
//
// An include without a response in time is a view if its content has such an element: the
// page does not show the view yet.
//
// A revision orders the states of a view: a number that only grows, in the field
// Selvedge-Revision, or in data-revision of the first element. Where numbers can begin again,
// an epoch names their sequence, in Selvedge-Epoch or data-epoch. Revisions of different
// epochs are not compared.
//
// A view is for all visitors if its response varies on nothing personal (Vary,
// Cache-Control: private). Otherwise there is a view for each value of Cookie,
// Accept-Language and User-Agent, as far as the response varies on them, and the source
// receives them. A view with includes of its own
//   - is compared by the ETag of its fragment alone;
//   - has the cookies of all its sources, and each source receives its own.
type View = pagetoken.View

// Shown is a view in the state that a page shows.
type Shown = pagetoken.Shown

// ReadToken reads the page token of a request. The error is ErrToken, ErrExpired or
// ErrSession.
func (c *Composer) ReadToken(r *http.Request, token string) (Token, error) {
	return c.tokens.Open(token, c.SessionID(r), c.variantHeaders(r))
}

// RenewToken returns a page token for an open page of a session that shows these views, and
// the time to renew that token. The token is empty if the views are too many for one.
func (c *Composer) RenewToken(session string, views []Shown) (token string, next time.Time) {
	return c.tokens.Renew(session, views)
}
