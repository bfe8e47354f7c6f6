package wsframe

import (
	"encoding/binary"
	"errors"
)

// The opcodes of frames (RFC 6455 §5.2).
const (
	OpText  = 0x1
	OpClose = 0x8
	OpPing  = 0x9
	OpPong  = 0xA
)

// A Frame is an unmasked frame of a server, with a whole message or a control
// frame in it.
type Frame struct {
	Opcode  byte
	Payload []byte
}

// maxPayload is the largest payload of a frame, in bytes.
const maxPayload = 1 << 20

var errFrame = errors.New("server sent a frame that is masked, reserved, in parts or too large")

// Parse returns the first frame of b and its size in bytes, which is 0 while
// the frame is incomplete. The payload is a part of b. It is an error if the
// frame is
//
//   - masked,
//   - compressed or with another reserved bit,
//   - a fragment of a message, or
//   - longer than 1 MB.
func Parse(b []byte) (f Frame, n int, err error) {
	if len(b) < 2 {
		return Frame{}, 0, nil
	}
	if b[0]&0xF0 != 0x80 || b[1]&0x80 != 0 {
		return Frame{}, 0, errFrame
	}
	start, size := 2, uint64(b[1])
	switch size {
	case 126:
		if start = 4; len(b) >= start {
			size = uint64(binary.BigEndian.Uint16(b[2:]))
		}
	case 127:
		if start = 10; len(b) >= start {
			size = binary.BigEndian.Uint64(b[2:])
		}
	}
	switch {
	case len(b) < start:
		return Frame{}, 0, nil
	case size > maxPayload:
		return Frame{}, 0, errFrame
	case uint64(len(b)-start) < size:
		return Frame{}, 0, nil
	}
	n = start + int(size)
	return Frame{b[0] & 0x0F, b[start:n]}, n, nil
}

// Text returns the frame of a server for a text message below 64 KB.
func Text(payload []byte) []byte {
	b := []byte{0x80 | OpText}
	if len(payload) < 126 {
		b = append(b, byte(len(payload)))
	} else {
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(len(payload)))
	}
	return append(b, payload...)
}

// AppendMasked appends the frame of a client, masked with zeros. The payload is
// below 126 bytes.
func AppendMasked(b []byte, opcode byte, payload []byte) []byte {
	b = append(b, 0x80|opcode, 0x80|byte(len(payload)), 0, 0, 0, 0)
	return append(b, payload...)
}
