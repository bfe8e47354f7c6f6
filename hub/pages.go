package hub

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Pages is what the hub asks of whoever composes pages. Its methods are
// called from many goroutines at once.
type Pages interface {
	// Open reads a page token for the request that presents it: the views
	// that the page shows, as they were when it was rendered. Any error
	// refuses the connection for good; [ErrToken], [ErrExpired] and
	// [ErrSession] say why.
	Open(r *http.Request, token string) (Page, error)

	// Fetch renders a view. The fragment must not be older than
	//   - the last invalidation of its groups that the hub was told of;
	//   - since, unless that is zero: an open page shows another rendering,
	//     and it may be from as late as that.
	//
	// As long as a view is shown there is at most one call for it at a time.
	// [ErrGone] drops the view: nothing is sent for it. After any other error
	// the hub asks again, with a growing delay of at most five seconds.
	Fetch(ctx context.Context, v View, since time.Time) (Fragment, error)

	// Renew makes a token for an open page that shows these views, and says
	// when the page is to be sent the next one; zero: never. It does not
	// wait. An empty token leaves the page the one that it has.
	Renew(page Page) (token string, next time.Time)
}

var (
	// ErrToken says that a page token is forged or malformed.
	ErrToken = errors.New("hub: bad page token")

	// ErrExpired says that a page token is too old.
	ErrExpired = errors.New("hub: page token expired")

	// ErrSession says that a page token belongs to another session.
	ErrSession = errors.New("hub: page token of another session")

	// ErrGone says that a fragment does not exist any more.
	ErrGone = errors.New("hub: fragment is gone")
)

// A View is one fragment reference plus the variant in which a page shows it.
// Both are opaque to the hub; equal views are rendered once, however many
// connections show them.
type View struct {
	Reference string
	Variant   string // empty: the same for everybody
}

// Shown is a view as a page shows it.
type Shown struct {
	View
	ETag     string    // empty: the page shows nothing of it yet
	Revision int64     // the page's data-revision; 0: none
	Epoch    string    // of Revision; see Fragment
	Date     time.Time // the fragment is from then at the latest; zero: from before anything that the hub fetches
}

// A Page is what a page token says.
type Page struct {
	Session string // key of the limit per session; empty: not counted
	Epoch   string // the hub's epoch when the page was rendered
	Views   []Shown
	RenewAt time.Time // when an open page is to be sent a new token, well before its own expires; zero: never
}

// A Fragment is a view as it was rendered.
type Fragment struct {
	// Body is HTML with one root element that has an id, or whatever the
	// [Protocol] encodes. The hub keeps it and does not change it.
	Body []byte

	// ETag tells renderings apart. If it is empty, the hub uses a hash of
	// Body.
	ETag string

	// Groups are the groups whose invalidation changes the fragment.
	Groups []string

	// Revision only grows while the fragment's data changes: an answer with
	// a smaller one than before is stale, and asked for again. 0: none.
	Revision int64

	// Epoch names what Revision counts: the data of one session, say, in
	// one life of the database. Revisions of two epochs are not compared:
	// the one that comes later is taken.
	Epoch string

	// Date is when the fragment was generated, at the earliest. Zero: when
	// Fetch was called.
	Date time.Time

	// Views are those that Body shows within its root element. A connection
	// that is sent the fragment shows them from then on, up to Options.Views,
	// until it is sent the view without them.
	Views []Shown

	// Styles are the URLs of the stylesheets that Body needs. They are sent
	// to pages that showed nothing of the view, or were made with others.
	Styles []string

	// ContentType is the media type of Body. JSON goes to connections of
	// the JSON protocol only; everything else counts as HTML.
	ContentType string
}
