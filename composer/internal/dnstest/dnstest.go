// Package dnstest has a resolver for tests of names with unexpected addresses.
package dnstest

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"slices"
)

// Resolver returns a resolver that answers every query for an A record with addr, an
// IPv4 address, and every other query without a record.
func Resolver(addr netip.Addr) *net.Resolver {
	answer := func(c net.Conn) {
		defer func() { _ = c.Close() }()
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, query); err != nil {
			return
		}
		end := 12 + slices.Index(query[12:], 0) + 5 // header, name, type and class
		reply := slices.Clone(query[:end])
		copy(reply[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
		if query[end-3] == 1 { // a query for an A record
			reply[7] = 1
			reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
			reply = append(reply, addr.AsSlice()...)
		}
		_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
	}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go answer(server)
		return client, nil
	}}
}
