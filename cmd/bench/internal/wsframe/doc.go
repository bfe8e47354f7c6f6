// Package wsframe reads and writes the frames of WebSockets (RFC 6455 §5.2) that
// measurements need: whole messages of servers, short frames of clients, and no
// compression.
//
//	frame, n, err := wsframe.Parse(received) // n is 0 while the frame is incomplete
//	if frame.Opcode == wsframe.OpPing {
//		reply := wsframe.AppendMasked(nil, wsframe.OpPong, frame.Payload)
//	}
package wsframe
