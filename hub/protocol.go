package hub

import "net/http"

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
// The protocol of cmd/selvedge is an example. In the console of a browser with a page of
// the shop:
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

	// Receive interprets a client's message. It must not wait.
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

// A Reply is the hub's reaction to a client's message. The zero value does
// nothing.
type Reply struct {
	Message []byte // for this client only; empty: none
	Show    []View // views to send in their present state, and to follow
}
