package hub

import (
	"encoding/binary"

	"github.com/coder/websocket"
)

// textFrame returns a text frame.
func textFrame(payload []byte) []byte {
	return append(appendHeader(nil, len(payload)), payload...)
}

// RFC 6455 §5.2: the first byte of unfragmented frames, by opcode.
const (
	frameText  = 0x81
	frameClose = 0x88
)

// appendHeader appends the header of an unmasked text frame with a payload of n
// bytes. A server never masks (RFC 6455 §5.1).
func appendHeader(b []byte, n int) []byte {
	switch {
	case n < 126:
		return append(b, frameText, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, frameText, 126), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(b, frameText, 127), uint64(n))
	}
}

// appendClose appends a close frame (RFC 6455 §5.5.1). The reason is at most
// 123 bytes long.
func appendClose(b []byte, code websocket.StatusCode, reason string) []byte {
	b = append(b, frameClose, byte(2+len(reason)))
	b = binary.BigEndian.AppendUint16(b, uint16(code))
	return append(b, reason...)
}
