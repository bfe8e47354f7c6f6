package main

import (
	"context"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

// configFlag returns the flag for a configuration file.
func configFlag() cli.Flag {
	return flags.Text("config", "", "serve the site of a configuration `FILE`; selvedge config default prints one")
}

// serveSite serves the site of a configuration until ctx ends. The function read reads the
// configuration, and reads it again when the site is reloaded.
func serveSite(ctx context.Context, c *cli.Command, read func() (*config.Config, error)) error {
	cfg, err := read()
	if err != nil {
		return err
	}
	hangUp, stop := onHangUp() // before the address is printed, because a signal may follow
	defer stop()
	h, err := newHTTPServer(ctx, c, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	s, err := site.New(cfg, site.Options{Logger: h.logger})
	if err != nil {
		return flags.Errorf("%w", err)
	}
	defer inBackground(ctx, func(ctx context.Context) { reload(ctx, s, hangUp, read, h) })()
	return h.listenAndServe(ctx, s)
}
