package hub

import "slices"

// A Transport is the way in which a connection reaches its client.
type Transport uint8

// The transports, in the order in which clients fall back.
const (
	WebSocket Transport = iota
	Events              // server-sent events
	Poll                // a single response
)

// String returns the name of the transport.
func (t Transport) String() string { return [...]string{"websocket", "events", "poll"}[t] }

// keepAlive returns the bytes that ask a WebSocket client for a sign of life,
// or keep an event stream open through proxies.
func (t Transport) keepAlive() string {
	switch t {
	case WebSocket:
		return "\x89\x00" // RFC 6455 §5.5.2
	case Events:
		return ":\n\n"
	default:
		return ""
	}
}

// message returns a line of HTML in the format of the transport.
func (t Transport) message(html []byte) []byte {
	switch t {
	case WebSocket:
		return textFrame(html)
	case Events:
		return slices.Concat([]byte("data: "), html, []byte("\n\n"))
	default:
		return html
	}
}
