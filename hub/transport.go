package hub

// A Transport is how a connection reaches its client.
type Transport uint8

// The transports, in the order in which clients fall back.
const (
	WebSocket Transport = iota
	Events              // server-sent events
	Poll                // one answer
)

// String returns the name of the transport.
func (t Transport) String() string { return [...]string{"websocket", "events", "poll"}[t] }

// keepAlive returns what asks a client for a sign of life, or keeps the way to it
// open.
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
