package hub

import (
	"net/http"
	"strings"
)

// ServeHTTP connects a page, whose token is the query parameter page. The
// package documentation lists the transports. A page joins by each of them in
// the same way:
//  1. The connection is registered for its views.
//  2. The ETags are compared.
//  3. The differences are sent, and every change from then on.
//
// A change between the rendering of the page and its connection is thus sent
// like any other. So is a fragment that was too late for its page: its ETag in
// the token is empty. A handshake is answered in a single write together with
// the pending changes, as far as they are rendered already.
//
// An event stream begins with a comment, so that a client can detect a proxy
// that holds the stream back. The responses to event streams and polls have the
// header Selvedge-Live, so that clients can tell them from responses of
// proxies:
//   - open: the page is kept up to date;
//   - closed, with 403: the page is not kept up to date, and never will be;
//   - outdated, with 403: the page must be loaded again, because its token has
//     expired or belongs to another session;
//   - busy, with 503: the client should come back.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.addRequest() {
		writeUnavailable(w, "closing")
		return
	}
	defer h.goroutines.Done()
	e := swapTrue
	if queryParameter(r, "oob") == "outerMorph" {
		e = swapMorph
	}
	switch {
	case headerListHas(r.Header, "Upgrade", "websocket"):
		if h.options.Protocol != nil && headerListHas(r.Header, "Sec-WebSocket-Protocol", "json") {
			e = protocolMessage
		}
		h.serveWebSocket(w, r, e)
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "only GET is allowed", http.StatusMethodNotAllowed)
	case strings.Contains(r.Header.Get("Accept"), "text/event-stream"):
		h.serveEvents(w, r, e)
	default:
		h.servePoll(w, r, e)
	}
}

// ServeJSON connects a client of the JSON protocol, with or without the
// subprotocol json in its WebSocket handshake.
func (h *Hub) ServeJSON(w http.ResponseWriter, r *http.Request) {
	if h.options.Protocol == nil {
		http.NotFound(w, r)
		return
	}
	if !h.addRequest() {
		writeUnavailable(w, "closing")
		return
	}
	defer h.goroutines.Done()
	h.serveWebSocket(w, r, protocolMessage)
}
