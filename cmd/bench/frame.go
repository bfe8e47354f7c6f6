package main

import (
	"encoding/binary"
	"errors"
)

// The opcodes of frames (RFC 6455 §5.2).
const (
	opText  = 0x1
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xA
)

// A frame is what a server sends at a time.
type frame struct {
	opcode  byte
	payload []byte
}

// maxPayload is more than any server here sends in a frame.
const maxPayload = 1 << 20

var errFrame = errors.New("server sent a frame that is masked, reserved, in parts or too large")

// parseFrame reads the first frame of b, and says how many bytes it has: 0
// while it is not all there. The payload is a part of b.
func parseFrame(b []byte) (f frame, n int, err error) {
	if len(b) < 2 {
		return frame{}, 0, nil
	}
	if b[0]&0xF0 != 0x80 || b[1]&0x80 != 0 {
		return frame{}, 0, errFrame
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
		return frame{}, 0, nil
	case size > maxPayload:
		return frame{}, 0, errFrame
	case uint64(len(b)-start) < size:
		return frame{}, 0, nil
	}
	n = start + int(size)
	return frame{b[0] & 0x0F, b[start:n]}, n, nil
}

// textFrame returns the frame of a text message below 64 KB, as servers send
// it.
func textFrame(payload []byte) []byte {
	b := []byte{0x80 | opText}
	if len(payload) < 126 {
		b = append(b, byte(len(payload)))
	} else {
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(len(payload)))
	}
	return append(b, payload...)
}

// appendMasked appends a frame as clients send it, masked with zeros: the
// payload is below 126 bytes (RFC 6455 §5.2).
func appendMasked(b []byte, opcode byte, payload []byte) []byte {
	b = append(b, 0x80|opcode, 0x80|byte(len(payload)), 0, 0, 0, 0)
	return append(b, payload...)
}
