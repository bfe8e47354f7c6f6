package header

import (
	"net/http"
	"strings"
)

// webSocket is the only protocol to which a request may switch. After a switch
// the connection is a tunnel: all that goes through it passes the cache, the
// checks of requests and the log by. With h2c that would be any number of
// requests for any host (h2c smuggling), so only a protocol that carries no
// requests is handed on.
const webSocket = "websocket"

// KeepOnlyWebSocket returns a request that asks for no protocol but webSocket, as
// RFC 9110 §7.8 allows: a server may ignore an Upgrade, and answer as if it
// were not there. Clients that offer h2c with each request, such as curl and
// the JDK, have their ordinary answer.
func KeepOnlyWebSocket(r *http.Request) *http.Request {
	if len(r.Header["Upgrade"])+len(r.Header["Http2-Settings"]) == 0 {
		return r
	}
	plain := r.WithContext(r.Context())
	plain.Header = r.Header.Clone()
	delete(plain.Header, "Upgrade")
	delete(plain.Header, "Http2-Settings") // RFC 7540 §3.2.1
	if IsHandshake(r) {
		plain.Header["Upgrade"] = []string{webSocket}
	}
	return plain
}

// IsHandshake reports whether a request opens a WebSocket (RFC 6455 §4.1): a
// GET without a body over HTTP/1.1 whose Connection and Upgrade fields say so.
// Other versions of HTTP have no Upgrade (RFC 9110 §7.8, RFC 9113 §8.6).
func IsHandshake(r *http.Request) bool {
	return r.Method == http.MethodGet && r.ProtoMajor == 1 && r.ProtoMinor >= 1 && r.ContentLength == 0 &&
		HasListElement(r.Header["Connection"], "upgrade") && HasListElement(r.Header["Upgrade"], webSocket)
}

// HasListElement reports whether a field is a list with an element, in any case.
func HasListElement(lines []string, element string) bool {
	for value := range ListElements(lines) {
		if strings.EqualFold(value, element) {
			return true
		}
	}
	return false
}

// ExpectsContinue reports whether a request waits for 100 Continue before it sends its
// body. HTTP/1.0 has no expectations, and without a body there is none.
func ExpectsContinue(r *http.Request) bool {
	return len(r.Header["Expect"]) > 0 && r.ProtoAtLeast(1, 1) && r.ContentLength != 0
}
