package main

import (
	"context"
	"net"

	"selvedge/composer/server"
)

// listen returns the listeners of a service manager, or else listens on an address.
func listen(ctx context.Context, address string) ([]net.Listener, error) {
	if inherited, err := server.Inherited(); err != nil || len(inherited) > 0 {
		return inherited, err
	}
	return server.Listen(ctx, address)
}
