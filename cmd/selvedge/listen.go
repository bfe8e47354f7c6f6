package main

import (
	"context"
	"net"
	"strconv"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/server"
)

// listen returns the listeners of a service manager, or else listens on the address of
// --listen.
func listen(ctx context.Context, address string) ([]net.Listener, error) {
	if inherited, err := server.Inherited(); err != nil || len(inherited) > 0 {
		return inherited, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil || port != "0" && !isPort(port) {
		return nil, flags.Errorf("--listen %q is no address with a port, as in 127.0.0.1:8080 or :8080", address)
	}
	return server.Listen(ctx, address)
}

// isPort reports whether s is the number of a port above 0.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}
