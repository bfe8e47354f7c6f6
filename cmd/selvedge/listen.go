package main

import (
	"context"
	"log/slog"
	"net"

	"github.com/coreos/go-systemd/v22/daemon"

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

// notify tells a service manager such as systemd the state of this process (sd_notify(3)), if
// one has asked for it with NOTIFY_SOCKET.
func notify(logger *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		logger.Warn("the service manager was not told the state of the server", "state", state, "err", err)
	}
}
