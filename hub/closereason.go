package hub

import (
	"net/http"

	"github.com/coder/websocket"
)

// closeReason is how a connection ends.
type closeReason struct {
	code   websocket.StatusCode
	reason string
}

// Why connections are refused, as they are told and as [Stats] counts them.
// The codes 1008 and 4001 stop a client for good; after the others it comes back.
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

// statusOutdated is the close code of a page whose token is genuine, but has
// expired or belongs to another session: the page is to be loaded again. RFC 6455
// §7.4.2 leaves the codes from 4000 to applications; stock clients stay away
// after all of them.
const statusOutdated websocket.StatusCode = 4001

// liveHeader is in every answer of the hub that is no WebSocket, so that a
// script can tell it from one of a proxy or of a captive portal.
const (
	liveHeader   = "Selvedge-Live"
	liveOpen     = "open"     // the page is kept true
	liveClosed   = "closed"   // it is not, and will not be
	liveOutdated = "outdated" // it is not, until it is loaded again
	liveBusy     = "busy"     // it is not for the moment
)

// writeRefusal answers a request that is not a WebSocket. Event streams do not
// come back after any of these by themselves.
func writeRefusal(w http.ResponseWriter, g *closeReason) {
	switch g.code {
	case websocket.StatusPolicyViolation:
		w.Header().Set(liveHeader, liveClosed)
		http.Error(w, g.reason, http.StatusForbidden)
	case statusOutdated:
		w.Header().Set(liveHeader, liveOutdated)
		http.Error(w, g.reason, http.StatusForbidden)
	default:
		writeUnavailable(w, g.reason)
	}
}

// writeUnavailable answers a request that may be repeated in a second.
func writeUnavailable(w http.ResponseWriter, reason string) {
	w.Header().Set("Retry-After", "1")
	w.Header().Set(liveHeader, liveBusy)
	http.Error(w, reason, http.StatusServiceUnavailable)
}
