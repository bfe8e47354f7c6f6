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

// A source is asked for its manifest at this interval, so that a deployment is noticed.
const (
	manifestInterval = 5 * time.Second
	devInterval      = 500 * time.Millisecond // in place of it, with config.Config.Dev
)

// manifestFollower follows the manifest of one source.
type manifestFollower struct {
	registry *composer.Registry
	name     string
	source   composer.Source
	logger   *slog.Logger
	isOurs   bool                                   // its server is started by this program, which says when it has ended
	read     func(name string, m manifest.Manifest) // called with each answer of the source
	changed  func()                                 // called for another version, and for a source that answers again; nil: nobody asks
	known    string                                 // the version
	logged   string                                 // the error that was logged last; empty: the source has answered since
	isDown   bool                                   // the source did not answer
}

// follow registers the version in the manifest of the source, which has an URL, and does so
// again whenever the version changes, until ctx ends. The version of a source that does not
// answer stays, so that its pages work again after a restart. A source that does not answer
// is logged once, and so is a source without a manifest.
func (f *manifestFollower) follow(ctx context.Context, interval time.Duration) {
	for {
		known, wasDown := f.known, f.isDown
		f.ask(ctx)
		if (f.known != known && known != "" || wasDown && !f.isDown) && f.changed != nil {
			f.changed()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(interval):
		}
	}
}

// ask reads the manifest, and registers its version.
func (f *manifestFollower) ask(ctx context.Context) {
	m, err := manifest.Read(ctx, f.source.URL)
	f.isDown = err != nil && !errors.Is(err, manifest.ErrNone)
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
	case f.isOurs:
		logger.Debug("a fragment's process does not answer", "err", err)
	default:
		logger.Warn("a fragment's process does not answer", "err", err)
	}
	f.logged = err.Error()
}
