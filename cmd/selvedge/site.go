package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/buildinfo"
	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
	"selvedge/fragments/lint"
)

// configFlag returns the flag for a configuration file.
func configFlag() cli.Flag {
	return flags.Text("config", "", "serve the site of a configuration `FILE`; selvedge config default prints one")
}

// opened is a site with what belongs to it.
type opened struct {
	site    *site.Site
	handler http.Handler              // in front of the site
	run     func(ctx context.Context) // beside the server, until ctx ends
	prepare func(*config.Config)      // adds to a configuration that is read again
	close   func()                    // after all else
}

// opener makes a site of a configuration.
type opener func(ctx context.Context, cfg *config.Config, logger *slog.Logger) (opened, error)

// openSite makes a site of a configuration alone.
func openSite(_ context.Context, cfg *config.Config, logger *slog.Logger) (opened, error) {
	s, err := site.New(cfg, site.Options{Inspect: lint.Inspect, Logger: logger})
	if err != nil {
		return opened{}, flags.Errorf("%w", err)
	}
	return opened{
		site: s, handler: s, run: func(context.Context) {}, prepare: func(*config.Config) {}, close: func() {},
	}, nil
}

// serveSite serves a site until ctx ends. The function read reads the configuration, and
// reads it again when the site is reloaded.
func serveSite(ctx context.Context, c *cli.Command, read func() (*config.Config, error), open opener) error {
	since := time.Now()
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
	o, err := open(ctx, cfg, h.logger)
	if err != nil {
		return err
	}
	defer o.close()
	again := func() (*config.Config, error) {
		cfg, err := read()
		if err == nil {
			o.prepare(cfg)
		}
		return cfg, err
	}
	defer inBackground(ctx, o.run, (&reloader{site: o.site, server: h, read: again, since: since, hangUp: hangUp}).run)()
	return h.listenAndServe(ctx, named(o.site, o.handler), o.site)
}

// named returns a handler that tells its version in the field Server (RFC 9110 §10.2.4) while
// a site is in development. In production that would help an attacker.
func named(s *site.Site, next http.Handler) http.Handler {
	product := buildinfo.Read().Product()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Config().Dev {
			w.Header().Set("Server", product)
		}
		next.ServeHTTP(w, r)
	})
}
