package hub

import (
	"net/http"

	"github.com/coder/websocket"
)

// closeReason is the code and the text with which a connection ends.
type closeReason struct {
	code   websocket.StatusCode
	reason string
}

// Refusals, as clients are sent them and as [Stats] counts them. The codes 1008
// and 4001 stop a client for good; after the remaining codes clients connect
// again.
var (
	originRefused       = closeReason{websocket.StatusPolicyViolation, "origin not allowed"}
	tokenRefused        = closeReason{websocket.StatusPolicyViolation, "bad page token"}
	tokenExpired        = closeReason{statusOutdated, "page token expired"}
	tokenOfOtherSession = closeReason{statusOutdated, "page token of another session"}
	hubRestarting       = closeReason{websocket.StatusServiceRestart, "restart"}
	acceptsExceeded     = closeReason{websocket.StatusTryAgainLater, "too many connections at once"}
	viewsExceeded       = closeReason{websocket.StatusTryAgainLater, "too many views"}
	sessionExceeded     = closeReason{websocket.StatusTryAgainLater, "too many connections of this session"}
	addressExceeded     = closeReason{websocket.StatusTryAgainLater, "too many connections of this address"}
)

// statusOutdated is the close code for a page whose token is genuine, but has
// expired or belongs to another session: the page must be loaded again. RFC
// 6455 §7.4.2 leaves the codes from 4000 to applications; stock clients stay
// away after all of them.
const statusOutdated websocket.StatusCode = 4001

// liveHeader is in every response of the hub except WebSocket handshakes, so
// that a script can distinguish the hub's responses from those of a proxy or a
// captive portal.
const (
	liveHeader   = "Selvedge-Live"
	liveOpen     = "open"     // the page is kept up to date
	liveClosed   = "closed"   // the page is not kept up to date, and never will be
	liveOutdated = "outdated" // the page must be loaded again
	liveBusy     = "busy"     // the client should ask again
)

// writeRefusal answers a refused event stream or poll. Event streams do not
// reconnect by themselves after any of these responses.
func writeRefusal(w http.ResponseWriter, reason *closeReason) {
	switch reason.code {
	case websocket.StatusPolicyViolation:
		w.Header().Set(liveHeader, liveClosed)
		http.Error(w, reason.reason, http.StatusForbidden)
	case statusOutdated:
		w.Header().Set(liveHeader, liveOutdated)
		http.Error(w, reason.reason, http.StatusForbidden)
	default:
		writeUnavailable(w, reason.reason)
	}
}

// writeUnavailable answers a request that may be repeated in a second.
func writeUnavailable(w http.ResponseWriter, reason string) {
	w.Header().Set("Retry-After", "1")
	w.Header().Set(liveHeader, liveBusy)
	http.Error(w, reason, http.StatusServiceUnavailable)
}
