package main

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"selvedge/composer/server"
)

// listen takes over the sockets that a service manager has opened, or opens the
// address of --listen.
func listen(ctx context.Context, address string) ([]net.Listener, error) {
	if inherited, err := server.Inherited(); err != nil || len(inherited) > 0 {
		return inherited, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil || port != "0" && !isPort(port) {
		return nil, usageError{fmt.Errorf("--listen %q is no address with a port, as in 127.0.0.1:8080 or :8080", address)}
	}
	return server.Listen(ctx, address)
}

// isPort reports whether s is the number of a port that can be dialed.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}
