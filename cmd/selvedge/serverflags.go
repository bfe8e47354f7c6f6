package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/logging"
	"selvedge/cmd/selvedge/internal/memory"
	"selvedge/composer/server"
)

// serverFlags returns the flags of every server.
func serverFlags(listen string) []cli.Flag {
	return slices.Concat(logging.Flags(), []cli.Flag{
		flags.Text("listen", listen, "address to listen on, as host:port; port 0 takes a free one; sockets from systemd (LISTEN_FDS) take its place"),
		flags.List("host", "answer only requests for this host, `NAME`, on any port; without it: for any host"),
		flags.List("trusted-proxy", "believe proxies in `NETWORK`, such as 10.0.0.0/8 or 10.0.0.5, what X-Forwarded-For and X-Forwarded-Proto say of a visitor, and X-Request-Id of a request; a proxy in front that does TLS needs it"),
		earlyHintsFlag(),
		flags.Int("max-in-flight", 128, "requests to one fragment, or to the origin, at a time; more wait for their turn. One visitor's address has a quarter of them at most, "+
			"and a quarter as many again are for uploads that are still coming"),
		flags.Duration("drain-delay", 0, "time for load balancers to see that the server is not ready any more, before it stops to listen"),
		flags.Duration("shutdown-timeout", 10*time.Second, "time for running requests after that; those that take longer are cut off"),
	})
}

// newHTTPServer returns a listening server by its serverFlags.
func newHTTPServer(ctx context.Context, c *cli.Command) (*httpServer, error) {
	s := &httpServer{
		print: func(url string) error {
			_, err := fmt.Fprintf(c.Root().Writer, "listening on %s\n", url)
			return err
		},
		stopMemory: func() {},
	}
	if err := s.readFlags(ctx, c); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// readFlags sets the fields of the server by the flags, and listens last.
func (s *httpServer) readFlags(ctx context.Context, c *cli.Command) (err error) {
	if c.Args().Present() {
		return flags.Errorf("%q is one word too many; %s --help lists what there is", c.Args().First(), c.FullName())
	}
	if s.hosts, err = server.ParseHosts(c.StringSlice("host")); err != nil {
		return flags.Errorf("--host %w", err)
	}
	if s.trusted, err = readNetworks(c, "trusted-proxy"); err != nil {
		return err
	}
	if s.earlyHints, err = readEarlyHints(c, s.trusted); err != nil {
		return err
	}
	if s.maxInFlight = c.Int("max-in-flight"); s.maxInFlight < 1 {
		return flags.Errorf("--max-in-flight is a number from 1, and not %d", s.maxInFlight)
	}
	if s.admin, err = readAdminToken(c); err != nil {
		return err
	}
	s.shutdown.delay, s.shutdown.timeout = c.Duration("drain-delay"), c.Duration("shutdown-timeout")
	if s.shutdown.delay < 0 || s.shutdown.timeout < 0 {
		return flags.Errorf("--drain-delay and --shutdown-timeout are times from 0, as in 10s")
	}
	if s.logger, err = logging.New(c.Root().ErrWriter, logging.ReadOptions(c)); err != nil {
		return err
	}
	slog.SetDefault(s.logger)
	if s.memory, err = memory.Read(c, c.Int("cache-size"), s.logger); err != nil {
		return err
	}
	s.stopMemory = s.memory.Follow()
	s.settings = settingsOf(c)
	s.listeners, err = listen(ctx, c.String("listen"))
	return err
}

// settingsOf returns the settings of a command for the log, without secrets.
func settingsOf(c *cli.Command) []any {
	settings := []any{slog.String("command", c.Name)}
	for _, flag := range c.Flags {
		name := flag.Names()[0]
		switch name {
		case "help":
		case "admin-token":
			settings = append(settings, slog.Bool(name, c.String(name) != ""))
		default:
			settings = append(settings, slog.String(name, fmt.Sprint(c.Value(name))))
		}
	}
	return settings
}
