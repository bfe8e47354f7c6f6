// Package hub keeps open pages up to date: it renders a fragment again when one
// of its groups is invalidated, and sends it to every page that shows it, as an
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
// [Pages] composes the pages.
//
// # Connections
//
// A page connects with a token of its views and their ETags. The request
// chooses the transport:
//
//   - an upgrade to WebSocket: a text message for all changes together;
//   - Accept: text/event-stream: server-sent events, an event for all changes
//     together; ids only grow within a stream;
//   - any other GET: the changes since the page was rendered, once, or 304.
//
// [Hub.ServeHTTP] describes how a page joins, and the header Selvedge-Live. An
// open page outlives its token: [Pages] renews it.
//
// # Messages to pages
//
// An invalidated view is fetched once for all connections, and its message is
// made once. A fragment with the same ETag as before is not sent. The changes
// of an invalidation travel in one message to a connection. A view that takes
// longer than Options.Hold, or fails, follows later. While writes follow each
// other faster than their views are rendered, a message may hold a part of a
// later write.
//
// [Hub.Reload] has pages load themselves again.
//
// [Fragment] describes the order of revisions, views within fragments, and
// stylesheets.
//
// # When queues are full
//
// No queue holds messages to pages. A connection not written to yet is merely
// behind: it will be sent the current state of its views, so a slow reader
// costs memory in the number of its views.
//
//   - Marked connections: each is in the queue once. Writers take all of them
//     at a time, and then wait for Options.Tick.
//   - Views to be fetched: each is in the queue once. Options.Fetches are
//     fetched at the same time. A view invalidated during its fetch is fetched
//     again.
//   - A socket: for a client that has stopped reading, the kernel keeps some
//     200 KB and the hub the rest of one message. If the client does not take
//     the rest within Options.Stall, its connection leaves the hub and is sent
//     close code 1013. If the client does not read up to the close frame within
//     the same time again, it is dropped.
//   - Responses to a client's own messages: the next message is not read during
//     a slow write to the client.
//   - Invalidations during a fetch: the last 512 are remembered for views whose
//     groups are not known yet. After more, a view is fetched again.
//   - Connections and their views: Options.PerSession, PerAddress, Views and
//     AcceptsPerSecond. The first two leave out polls, so that a page without
//     room for a connection can ask from time to time.
//
// # Close codes
//
// Stock clients come back after
//
//   - 1012: the hub closes;
//   - 1011: a [Protocol] panicked;
//   - 1013: a limit is exceeded, the client reads too slowly, or the connection
//     is idle.
//
// They stay away after
//
//   - 1008: a token or origin is not accepted, or messages flood the hub;
//   - 4001: the token has expired or belongs to another session; the page must
//     be loaded again;
//   - 1003: a binary message;
//   - 1007: invalid UTF-8;
//   - 1009: a message over 4 KiB, or 64 KiB for JSON.
//
// The hub refuses a WebSocket after accepting its handshake, because stock
// clients repeat a failed handshake for ever. Event streams and polls are
// answered 403 or 503 instead.
//
// # Messages from pages
//
// HTML clients may send actions: see Options.Actions. The connections of a
// session may together send 10 messages a second, with a burst of 20.
//
// The text ping is answered with the text pong. Scripts can test their
// connection with it, because they do not see the pings of the protocol.
//
// [Protocol] describes JSON clients.
package hub
