//go:build !linux || mips || mipsle || mips64 || mips64le

package server

import (
	"context"
	"net"
)

// siblings returns nil. Elsewhere the kernel does not spread connections among sockets.
func siblings(context.Context, net.Listener) []net.Listener { return nil }
