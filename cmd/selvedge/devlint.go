package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"selvedge/composer/manifest"
	"selvedge/composer/site"
	"selvedge/fragments/lint"
)

// lintInterval is the time between two attempts to reach servers that have not answered.
const lintInterval = time.Second

// lintSources logs the mistakes in the fragments of a site in development, until ctx ends.
// Each server is asked once, as soon as it answers, because lint makes many requests, which
// its author sees in its output.
func lintSources(ctx context.Context, s *site.Site, logger *slog.Logger) {
	isDone := make(map[string]bool) // by URL
	tick := time.NewTicker(lintInterval)
	defer tick.Stop()
	for {
		for name, f := range s.Config().Fragments {
			if f.URL != "" && !isDone[f.URL] {
				isDone[f.URL] = lintSource(ctx, name, f.URL, s.Config().SessionCookie, logger)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// lintSource logs the mistakes in the samples of a fragment, if it has a manifest that names
// them. It reports false if its server does not answer.
func lintSource(ctx context.Context, name, address, sessionCookie string, logger *slog.Logger) bool {
	base, err := url.Parse(address)
	if err != nil {
		return true // Config.Check has read it
	}
	if _, err := manifest.Read(ctx, base); err != nil {
		return errors.Is(err, manifest.ErrNone)
	}
	findings, err := lint.Source(ctx, address, lint.Options{SessionCookie: sessionCookie})
	if err != nil && ctx.Err() == nil {
		logger.Warn("a fragment is not checked any further", "fragment", name, "err", err)
	}
	for _, f := range findings {
		logger.Warn("a fragment has a mistake", "fragment", name, "mistake", f.String())
	}
	return true
}
