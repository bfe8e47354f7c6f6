package hub

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Pages composes pages for the hub. Its methods must be safe for concurrent
// use.
type Pages interface {
	// Open reads a page token for the request that presents it, and returns the
	// views that the page showed when it was rendered. Any error refuses the
	// connection for good; [ErrToken], [ErrExpired] and [ErrSession] give the
	// reason.
	Open(r *http.Request, token string) (Page, error)

	// Fetch renders a view. The fragment must not be older than
	//   - the last invalidation of its groups known to the hub;
	//   - since, unless zero: an open page shows a different rendering, which
	//     may be as late as since.
	//
	// The hub calls Fetch for a view it follows at most once at a time. Errors:
	//   - [ErrGone] drops the view: clients are sent nothing for it.
	//   - After any other error the hub fetches again, with a growing delay of
	//     at most five seconds.
	Fetch(ctx context.Context, v View, since time.Time) (Fragment, error)

	// Renew returns a token for an open page with these views, and the time at
	// which the page is due the next token; zero: never. An empty token keeps
	// the page's token. Renew must not wait.
	//
	// A client that connects with the parameter renew=true is sent the tokens,
	// with a ping or in the response to a poll, as a swap of the connected
	// element,
	//
	//	<div id="live" ws-connect="?page=TOKEN" hx-swap-oob="true"></div>
	//
	// whose address is relative to the address of the connection. The client
	// uses the new address when it connects again. Stock clients cannot change
	// the address, and do not send the parameter. With an expired token they
	// are sent a notice over the WebSocket before it is closed: it is put into
	// the element with the id live-message, and has a link that loads the page
	// again.
	Renew(page Page) (token string, next time.Time)
}

var (
	// ErrToken reports a forged or malformed page token.
	ErrToken = errors.New("hub: bad page token")

	// ErrExpired reports a page token that is too old.
	ErrExpired = errors.New("hub: page token expired")

	// ErrSession reports a page token of another session.
	ErrSession = errors.New("hub: page token of another session")

	// ErrGone reports a fragment that does not exist any more.
	ErrGone = errors.New("hub: fragment is gone")
)

// A View is a fragment reference plus the variant in which a page shows it.
// Both are opaque to the hub. Equal views are rendered once for all
// connections.
type View struct {
	Reference string
	Variant   string // empty: the same for every visitor
}

// Shown is a view as a page shows it.
type Shown struct {
	View
	ETag     string    // empty: the page shows nothing of the view yet
	Revision int64     // the page's data-revision; 0: none
	Epoch    string    // of Revision; see Fragment
	Date     time.Time // latest possible time of the fragment; zero: earlier than any fetch of the hub
}

// A Page is the content of a page token.
type Page struct {
	Session string // key of the limit per session; empty: not counted
	Epoch   string // the hub's epoch when the page was rendered
	Views   []Shown
	Date    time.Time // when the page was rendered; zero: unknown
	RenewAt time.Time // when an open page is due a new token, well before its own expires; zero: never

	// Conversation interprets the messages of a JSON client in place of
	// [Protocol.Receive]; nil: none.
	Conversation Conversation
}

// A Fragment is a rendering of a view. A faulty fragment, as reported by
// [Lint], is not sent; like a failed fragment it is logged and fetched again.
//
// A connection is never sent an older revision of a view than it has shown, if
// both are of the same epoch. Without revisions, dates decide: if a page's
// token has another ETag than the hub's rendering, and may be from later, the
// view is fetched again, from no earlier than the page, before any of it is
// sent to the page. Pages cause at most one such fetch of a view a second. A
// page whose token has another epoch than the hub is sent everything from after
// the page.
type Fragment struct {
	// Body is HTML with a single root element that has an id, or any bytes that
	// the [Protocol] encodes. The hub keeps Body and does not change it. The
	// root element is sent with the attribute hx-swap-oob, unless it has that
	// attribute, with the value
	//   - "outerMorph" to clients that connect with the parameter
	//     oob=outerMorph;
	//   - "true" to all other clients.
	Body []byte

	// ETag identifies the rendering. Empty: the hub uses a hash of Body.
	ETag string

	// Groups are the groups whose invalidation changes the fragment.
	Groups []string

	// Revision lets the hub and pages recognize an older rendering, whatever
	// its way. It must only grow while the fragment's data changes. A fragment
	// with
	//   - a smaller revision than before is stale, and is fetched again;
	//   - an equal revision and another ETag is sent. A revision may count
	//     comments, or be of the data alone and not of its markup.
	// 0: none.
	Revision int64

	// Epoch names the sequence that Revision belongs to, such as the data of a
	// session in one lifetime of the database. Revisions of different epochs
	// are not compared: the fragment fetched later wins.
	Epoch string

	// Date is the earliest possible time of the fragment. Zero: the time of the
	// call of Fetch.
	Date time.Time

	// Views are the views within Body's root element. A connection that is sent
	// the fragment follows them, up to Options.Views, until it is sent a
	// rendering without them.
	Views []Shown

	// Styles are the URLs of the stylesheets needed by Body. They are sent with
	// it, in an element that is swapped into the page's head, to pages that
	//   - showed nothing of the view, or
	//   - were made with different stylesheets.
	Styles []string

	// ContentType is the media type of Body. JSON is sent only to connections
	// of the JSON protocol; all other types count as HTML, unless ProtocolOnly
	// is true.
	ContentType string

	// ProtocolOnly is true for a Body of any type that is sent only to
	// connections of the JSON protocol.
	ProtocolOnly bool

	// Last is true if the view ends with this fragment: clients are sent the
	// fragment, and do not follow the view any more.
	Last bool
}
