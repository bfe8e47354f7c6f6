package hub

import (
	"context"
	"net/http"
)

// A Protocol is the protocol of JSON clients: it chooses the views of a
// connection, interprets its messages, and encodes fragments as messages. The
// rest works as for HTML clients, except that each view is a message of its
// own. A client speaks JSON if its handshake
//   - has the subprotocol json, or
//   - is served by [Hub.ServeJSON].
//
// The methods must be safe for concurrent use. An optional method Gone(View)
// (Fragment, bool) is called for a view that is gone (see [ErrGone]). If it
// reports true, clients are sent the fragment and keep the view.
//
// Package hub/jsonlive is the protocol for any site: its clients follow
// references. A site adds message types by a Protocol of its own, as
// cmd/selvedge does. In the console of a browser with a page of the shop:
//
//	const live = new WebSocket(`ws://${location.host}/api/live`);
//	live.onmessage = (event) => console.log(JSON.parse(event.data));
//	live.onopen = () => live.send(JSON.stringify({ type: "SUBSCRIBE", data: { products: [1, 2] } }));
//
// The client receives its cart at once, the stock of the products, and each change:
//
//	{"type":"INVENTORY_UPDATE","data":{"productId":1,"inStock":true,"stock":86},"version":1,"timestamp":1795389960059}
//
// The rules of this protocol:
//   - {"type":"CART_REQUEST"} asks for the cart again.
//   - An unknown message is answered with an ERROR, and the connection continues.
//   - A program with the cookie of a session sends the site's Origin too. A program without
//     the cookie follows products only.
//   - /api/live/schema.json describes all messages.
type Protocol interface {
	// Open returns the views that a connection shows from its start. An error
	// refuses the connection for good, as with [Pages].
	Open(r *http.Request) (Page, error)

	// Receive interprets a client's message, unless the page of the connection
	// has a [Conversation]. It must not wait.
	Receive(session string, message []byte) Reply

	// Encode returns the message for a changed view, once for all connections.
	// Versions of a view only grow. A version is the view's revision, or
	// follows the last version if the revision does not grow.
	Encode(v View, f Fragment, version int64) ([]byte, error)

	// Refuse returns the message for a refused request, with a reason of this
	// package.
	Refuse(reason string) []byte
}

// A gonePresenter is a Protocol that has a fragment for views that are gone.
type gonePresenter interface {
	Gone(v View) (Fragment, bool)
}

// Reasons for refusing the message of a JSON client.
const (
	ReasonRate  = "Rate limit exceeded"
	ReasonViews = "Too many subscriptions"
)

// A Conversation interprets the messages of a single connection. The hub calls
// it for one message at a time.
type Conversation interface {
	// Receive interprets a client's message. The connection follows the views
	// in followed.
	//
	// Receive may wait, for instance for a check of the client's rights, but
	// must return soon after the end of ctx: after Options.Timeout, or half of
	// Options.Pong if that is less, because no pong is read meanwhile.
	Receive(ctx context.Context, message []byte, followed []View) Reply
}

// A Reply is the hub's reaction to a client's message. The zero value does
// nothing.
type Reply struct {
	Message  []byte   // for this client only; empty: none
	Messages [][]byte // after Message, for this client only
	Show     []View   // views to send in their present state, and to follow
	Hide     []View   // views not to follow any more, unless in Show

	// Seen are states of views in Show, as found by the caller. A view is
	// fetched again if the hub's rendering may be older.
	Seen []Shown
}
