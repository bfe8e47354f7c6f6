package main

import (
	"context"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
)

func proxyCommand() *cli.Command {
	return &cli.Command{
		Name:      "proxy",
		Usage:     "stand in front of an origin as a shared cache that completes its pages",
		ArgsUsage: "ORIGIN",
		Arguments: []cli.Argument{&cli.StringArg{Name: "origin", UsageText: "ORIGIN"}},
		Flags:     proxyFlags(),
		Action:    proxy,
	}
}

func proxyFlags() []cli.Flag {
	return append(slices.Concat(serverFlags("127.0.0.1:8080"), composerFlags(30*time.Second)),
		flags.List("esi-cookie", "let templates show the cookie `NAME`, or all with '*'"),
		flags.List("allow-host", "let includes reach `HOST` too, such as example.com:8443, *.example.com or 10.0.0.5"),
		flags.List("cookie", "send the cookie `NAME`, or all with '*', with includes too"),
		flags.List("header", "send the header field `NAME`, such as Authorization, with includes too"),
		flags.List("set-cookie", "let includes set the cookie `NAME`, or all with '*'"),
		flags.List("esi-type", "read the media `TYPE` as ESI too if it opts in, such as text/plain"),
		flags.Bool("esi-alias", "let Edge-Control: dca=esi and X-Esi: 1 opt in as Surrogate-Control does"),
		flags.List("surrogate", "hand templates as they are to composers in `NETWORK`, such as 10.0.0.0/8 or 10.0.0.5, that say they read ESI"),
		flags.Bool("obey-request-cache-control", "fetch a document again if a visitor's Cache-Control says no-cache, no-store, max-age or min-fresh, or Pragma says no-cache; by default they are ignored, because any visitor could load the origin with them"),
		flags.Duration("origin-timeout", time.Minute, "time until the origin begins to answer"),
		flags.Text("admin-token", "", "bearer token of at least 16 bytes that may invalidate what is stored; empty: nobody may"),
		flags.Bool("dev", "name the hosts of includes in Server-Timing, which visitors see"),
	)
}

// proxy serves an origin's pages until ctx ends.
func proxy(ctx context.Context, c *cli.Command) error {
	origin, err := parseOrigin(c.StringArg("origin"))
	if err != nil {
		return err
	}
	options, err := proxyOptions(c)
	if err != nil {
		return err
	}
	options.Origin = origin
	h, err := newHTTPServer(ctx, c)
	if err != nil {
		return err
	}
	defer h.close()
	s, err := newProxyServer(h, options)
	if err != nil {
		return err
	}
	return s.serve(ctx)
}
