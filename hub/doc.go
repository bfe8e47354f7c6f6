// Package hub keeps open pages true: it renders a fragment again when one of
// its groups is invalidated, and sends it to every page that shows it, as an
// out-of-band swap that stock htmx understands.
//
//	h, err := hub.New(pages, hub.Options{})
//	if err != nil {
//		return err
//	}
//	mux.Handle("GET /live", h)
//	...
//	h.Invalidate("product:42", "cart:7f3a")
//	...
//	return h.Close(ctx)
//
// [Pages] is what composes the pages.
//
// # Connections
//
// A page connects with the token that says which views it shows, and with
// which ETags. The request chooses the transport:
//
//   - an upgrade to WebSocket: one text message for all that changed;
//   - Accept: text/event-stream: server-sent events, one for all that
//     changed; ids only grow within a stream;
//   - any other GET: what changed since the page was rendered, once, or 304.
//
// An event stream begins with a comment, by which a client can tell that it is not
// held back on its way. The answers to it and to a poll have the header
// Selvedge-Live, so that those of others on the way are not taken for ours:
//
//   - open, if the page is kept true;
//   - closed, with 403, if it is not and will not be;
//   - outdated, with 403, if it is not until it is loaded again, because its
//     token has expired or belongs to another session;
//   - busy, with 503, if it is to come back.
//
// A token expires, and an open page outlives it. A client that connects with the
// parameter renew=true is sent new ones long before, as [Pages] says when: with a
// ping, or in the answer to a poll, as a swap of the element that is connected,
//
//	<div id="live" ws-connect="?page=TOKEN" hx-swap-oob="true"></div>
//
// whose address is relative to that of the connection. The client uses it when it
// connects again. Stock clients, which cannot change the address, do not send the
// parameter. When their token has ended, they are sent a notice over the
// WebSocket before it is closed: it is put into the element with the id
// live-message, and has a link that loads the page again.
//
// A handshake is answered in one write with what the page is behind with, as
// far as that is rendered already.
//
// All of them join in one way: the connection is registered for its views,
// then the ETags are compared, then it is sent what differs and from then on
// what changes. A change between the rendering of the page and its connection
// is thus sent like any other, and so is a fragment that came too late for its
// page, whose ETag in the token is empty.
//
// # What is sent
//
// A view that was invalidated is fetched once, however many connections show
// it, and its message is made once. An answer with the ETag of before is not
// sent. What one invalidation changed travels in one message to a connection,
// unless a view takes longer than Options.Hold or fails: it follows when it is
// there. While writes follow each other faster than their views are rendered,
// a message may hold a part of a later write.
//
// The root element of a fragment needs an id and gets the attribute
// hx-swap-oob="true", or "outerMorph" for clients that connect with
// oob=outerMorph, unless it has that attribute. [Lint] names what clients
// cannot use; such a fragment is not sent, but logged and asked for again,
// like one that fails.
//
// A connection is never sent an older revision of a view than it has shown,
// as far as both are of one epoch: see [Fragment]. Without revisions, dates
// decide: a page whose token names another ETag than the hub holds, and may be
// from later, has the view fetched again, from no earlier than the page, before
// it is sent anything of it. Pages cause at most one such fetch of a view a
// second. When the epoch of its token is not the hub's, a page is sent
// everything that is from after it.
//
// A page follows the views within what it is sent, up to Options.Views, until a
// rendering without them replaces it. The stylesheets that a fragment needs are sent with it, in an
// element that is swapped into the page's head, to pages that showed nothing of
// the view before, and to all when they have changed.
//
// # When queues are full
//
// No queue holds messages to pages. A connection that was not written to yet
// is merely behind: it will be sent what its views are then, so a slow reader
// costs memory in the number of its views.
//
//   - Marked connections: each is in the queue once. Writers take all of them
//     at a time, and then wait for Options.Tick.
//   - Views to be fetched: each is in the queue once; Options.Fetches are
//     fetched at the same time. One that is invalidated during its fetch is
//     fetched again.
//   - A socket: the kernel keeps some 200 KB for a client that has stopped
//     reading, the hub the rest of one message. If that is not taken within
//     Options.Stall the connection is closed with 1013 and shows nothing any
//     more; if the client does not read up to the close frame within the same
//     time again, it is dropped.
//   - Answers to a client's own messages: the next message is not read while
//     the client is slow to take what is written to it.
//   - Invalidations during a fetch: the last 512 are remembered for views
//     whose groups are not known yet; after more, a view is fetched again.
//   - Connections and their views: Options.PerSession, PerAddress, Views and
//     AcceptsPerSecond. The first two leave out polls, so that a page that has no
//     room for a connection can ask from time to time.
//
// # Close codes
//
// 1012 when the hub closes, 1011 when a [Protocol] panics, and 1013 over a limit, for slow readers and idle
// connections: stock clients come back. 1008 for a token or origin that is
// not accepted and for a flood of messages, and 4001 for a token that has expired
// or belongs to another session: they stay away, and a page that gets 4001 is to be
// loaded again. They also stay away after
// 1003 (binary messages), 1007 (invalid UTF-8) and 1009 (messages over 4 KiB,
// 64 KiB for JSON). What must stop a client is said after the handshake is
// accepted, because stock clients repeat a failed handshake for ever. Event
// streams and polls are answered 403 or 503 instead.
//
// # Messages from pages
//
// An HTML client may send actions, as ws-send of htmx 2 and hx-ws:send of
// htmx 4 do: a JSON object of form fields, one of which is
//
//	"_action": "POST /api/cart"
//
// with POST, PATCH or DELETE and a path below /api/. Options.Actions is called
// as if the browser of the handshake had sent that form; of the headers in
// HEADERS or headers only Idempotency-Key is used. A success is not answered:
// what it changed is invalidated. A refusal, or that an answer was cut, is shown in the element with the
// id live-message. The connections of a session may send 10 messages a second, 20
// at once, all together.
//
// The text ping is answered with the text pong, so that a script, which sees no
// pings of the protocol, can find out whether its connection is alive.
//
// # JSON clients
//
// With Options.Protocol set, a handshake with the subprotocol json, or one at
// [Hub.ServeJSON], speaks JSON. The protocol says which views such a
// connection shows, what its messages mean, and how a fragment becomes a
// message; the rest is the same machinery, but each view is a message of its
// own.
package hub
