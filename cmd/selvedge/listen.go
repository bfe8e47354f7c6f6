package main

import (
	"context"
	"net"

	"selvedge/cmd/selvedge/internal/https"
	"selvedge/composer/server"
)

// listen returns the listeners of a service manager, or else listens on an address. With a
// certificate, the listeners are of TLS.
func listen(ctx context.Context, address string, certificate *https.Certificate) ([]net.Listener, error) {
	all, err := server.Inherited()
	if err == nil && len(all) == 0 {
		all, err = server.Listen(ctx, address)
	}
	if err != nil || certificate == nil {
		return all, err
	}
	for i, l := range all {
		all[i] = https.NewListener(l, certificate)
	}
	return all, nil
}
