package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/composer/server"
)

// serverFlags are those of every command that serves, whatever it serves.
func serverFlags(listen string) []cli.Flag {
	return append(logFlags(),
		text("listen", listen, "address to listen on, as host:port; port 0 takes a free one; sockets from systemd (LISTEN_FDS) take its place"),
		hostFlag(),
		trustedFlag(),
		earlyHintsFlag(),
		&cli.IntFlag{
			Name:  "max-in-flight",
			Value: 128,
			Usage: "requests to one fragment, or to the origin, at a time; more wait for their turn. One visitor's address has a quarter of them at most, " +
				"and a quarter as many again are for uploads that are still coming",
			Sources: fromEnvironment("max-in-flight"),
		},
		duration("drain-delay", 0, "time for load balancers to see that the server is not ready any more, before it stops to listen"),
		duration("shutdown-timeout", 10*time.Second, "time for running requests after that; those that take longer are cut off"),
	)
}

// duration is a flag with a time.
func duration(name string, value time.Duration, usage string) cli.Flag {
	return &cli.DurationFlag{Name: name, Value: value, Usage: usage, Sources: fromEnvironment(name)}
}

// newProcess returns a process as its serverFlags say, which listens.
func newProcess(ctx context.Context, c *cli.Command) (*process, error) {
	p := &process{print: func(url string) error {
		_, err := fmt.Fprintf(c.Root().Writer, "listening on %s\n", url)
		return err
	}}
	if err := p.readServerFlags(ctx, c); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *process) readServerFlags(ctx context.Context, c *cli.Command) (err error) {
	if c.Args().Present() {
		return usageError{fmt.Errorf("%q is one word too many; %s --help lists what there is", c.Args().First(), c.FullName())}
	}
	if p.hosts, err = server.ParseHosts(c.StringSlice("host")); err != nil {
		return usageError{fmt.Errorf("--host %w", err)}
	}
	if p.trusted, err = readNetworks(c, "trusted-proxy"); err != nil {
		return err
	}
	if p.earlyHints, err = readEarlyHints(c, p.trusted); err != nil {
		return err
	}
	if p.maxInFlight = c.Int("max-in-flight"); p.maxInFlight < 1 {
		return usageError{fmt.Errorf("--max-in-flight is a number from 1, and not %d", p.maxInFlight)}
	}
	if p.admin, err = readAdminToken(c); err != nil {
		return err
	}
	p.stop.delay, p.stop.timeout = c.Duration("drain-delay"), c.Duration("shutdown-timeout")
	if p.stop.delay < 0 || p.stop.timeout < 0 {
		return usageError{errors.New("--drain-delay and --shutdown-timeout are times from 0, as in 10s")}
	}
	if p.logger, err = newLogger(c.Root().ErrWriter, readLogOptions(c)); err != nil {
		return err
	}
	slog.SetDefault(p.logger)
	if err = p.manageMemory(c); err != nil {
		return err
	}
	p.settings = settingsOf(c)
	p.listeners, err = listen(ctx, c.String("listen"))
	return err
}
