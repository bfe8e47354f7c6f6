package site

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"selvedge/composer"
	"selvedge/composer/manifest"
)

// manifestInterval is the time between two requests for the manifest of a source, so that a
// deployment is noticed.
const manifestInterval = 5 * time.Second

// manifestFollower follows the manifest of one source.
type manifestFollower struct {
	registry *composer.Registry
	name     string
	source   composer.Source
	logger   *slog.Logger
	read     func(name string, m manifest.Manifest) // is called with each answer of the source
	known    string                                 // the version
	logged   string                                 // the error that was logged last; empty: the source has answered since
}

// follow registers the version in the manifest of the source, which has an URL, and does so
// again whenever the version changes, until ctx ends. The version of a source that does not
// answer stays, so that its pages work again after a restart. A source that does not answer
// is logged once, and so is a source without a manifest.
func (f *manifestFollower) follow(ctx context.Context) {
	for {
		f.ask(ctx)
		select {
		case <-ctx.Done():
			return
		case <-time.After(manifestInterval):
		}
	}
}

// ask reads the manifest, and registers its version.
func (f *manifestFollower) ask(ctx context.Context) {
	m, err := manifest.Read(ctx, f.source.URL)
	if err == nil && m.Name != f.name {
		err = fmt.Errorf("it serves the fragment %q", m.Name)
	}
	if err == nil {
		f.logged = ""
	}
	if (err == nil || errors.Is(err, manifest.ErrNone)) && ctx.Err() == nil {
		f.read(f.name, m)
	}
	switch {
	case err != nil && ctx.Err() == nil:
		f.log(err)
	case err == nil && m.Version != f.known:
		if err := f.registry.Add(f.name, m.Version, f.source); err != nil {
			f.logger.Warn("a fragment's version is unusable", "fragment", f.name, "err", err)
			return
		}
		f.logger.Info("fragment", "name", f.name, "version", m.Version, "url", f.source.URL.Redacted())
		f.known = m.Version
	}
}

// log logs an error, unless it is the same as at the last time.
func (f *manifestFollower) log(err error) {
	logger := f.logger.With("fragment", f.name, "url", f.source.URL.Redacted())
	switch {
	case err.Error() == f.logged:
	case errors.Is(err, manifest.ErrNone):
		logger.Info("a fragment has no manifest, and works without")
	default:
		logger.Warn("a fragment's process does not answer", "err", err)
	}
	f.logged = err.Error()
}
