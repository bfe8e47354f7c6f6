package header

import (
	"net/http"
)

// KeepOnlyWebSocket returns r with webSocket as its only possible Upgrade. A server may
// ignore Upgrade and send its ordinary response (RFC 9110 §7.8), so clients that offer
// h2c with each request, such as curl and the JDK, still work.
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

// webSocket is the only protocol to which a request may switch. After a switch the
// connection is a tunnel: its content bypasses the cache, the checks of requests and
// the log. With h2c the content would be any number of requests for any host (h2c
// smuggling), so only a protocol without requests is forwarded.
const webSocket = "websocket"

// IsHandshake reports whether a request opens a WebSocket (RFC 6455 §4.1): a GET
// without a body over HTTP/1.1 with Connection: upgrade and Upgrade: websocket.
// HTTP/1.0, HTTP/2 and HTTP/3 have no Upgrade (RFC 9110 §7.8, RFC 9113 §8.6).
func IsHandshake(r *http.Request) bool {
	return r.Method == http.MethodGet && r.ProtoMajor == 1 && r.ProtoMinor >= 1 && r.ContentLength == 0 &&
		HasListElement(r.Header["Connection"], "upgrade") && HasListElement(r.Header["Upgrade"], webSocket)
}

// ExpectsContinue reports whether a client waits for 100 Continue before it sends its
// body. A request by HTTP/1.0 or without a body never does.
func ExpectsContinue(r *http.Request) bool {
	return len(r.Header["Expect"]) > 0 && r.ProtoAtLeast(1, 1) && r.ContentLength != 0
}
