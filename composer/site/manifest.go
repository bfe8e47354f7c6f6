package site

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"selvedge/composer"
)

// Manifest is the part of a fragment's manifest that a site reads: its name, and its
// version by semver. A source need not have one.
type Manifest struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// ManifestSchema describes the manifest of a fragment, in JSON Schema 2020-12.
//
//go:embed manifest.schema.json
var ManifestSchema []byte

// ErrNoManifest is the error of a source without a manifest.
var ErrNoManifest = errors.New("it has no manifest, at /manifest.json or /-/manifest")

// manifestPaths are the paths of a manifest, in the order in which they are requested.
var manifestPaths = []string{"/-/manifest", "/manifest.json"}

// A source is asked for its manifest every manifestInterval, so that a deployment is
// noticed.
const (
	manifestInterval = 5 * time.Second
	manifestTimeout  = 2 * time.Second
	maxManifest      = 64 << 10 // bytes
)

// FollowManifest registers the version in the manifest of a fragment's source, which has an
// URL, and does so again whenever the version changes, until ctx ends. The version of a
// source that does not answer stays, so that its pages work again after a restart. A source
// that does not answer is logged once, and so is a source without a manifest.
func FollowManifest(ctx context.Context, registry *composer.Registry, name string, source composer.Source, logger *slog.Logger) {
	f := &manifestFollower{registry: registry, name: name, source: source, logger: logger}
	for {
		f.ask(ctx)
		select {
		case <-ctx.Done():
			return
		case <-time.After(manifestInterval):
		}
	}
}

// manifestFollower follows the manifest of one source.
type manifestFollower struct {
	registry *composer.Registry
	name     string
	source   composer.Source
	logger   *slog.Logger
	known    string // the version
	logged   string // the error that was logged last; empty: the source has answered since
}

// ask reads the manifest, and registers its version.
func (f *manifestFollower) ask(ctx context.Context) {
	m, err := ReadManifest(ctx, f.source.URL)
	if err == nil && m.Name != f.name {
		err = fmt.Errorf("it serves the fragment %q", m.Name)
	}
	if err == nil {
		f.logged = ""
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
	case errors.Is(err, ErrNoManifest):
		logger.Info("a fragment has no manifest, and works without")
	default:
		logger.Warn("a fragment's process does not answer", "err", err)
	}
	f.logged = err.Error()
}

// manifestClient follows no redirect, because a redirect could lead to a server that is
// closed to all clients but this process (server-side request forgery).
var manifestClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// ReadManifest requests the manifest of a source. The error is ErrNoManifest if the source
// answers, and has none.
func ReadManifest(ctx context.Context, source *url.URL) (Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, manifestTimeout)
	defer cancel()
	for _, path := range manifestPaths {
		m, err := readManifest(ctx, source.JoinPath(path))
		if !errors.Is(err, ErrNoManifest) {
			return m, err
		}
	}
	return Manifest{}, ErrNoManifest
}

// readManifest requests a manifest at an address.
func readManifest(ctx context.Context, address *url.URL) (m Manifest, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return m, err
	}
	req.Header.Set("Accept", "application/json")
	req.Close = true
	res, err := manifestClient.Do(req)
	if err != nil {
		return m, err
	}
	defer func() { _ = res.Body.Close() }()
	switch {
	case res.StatusCode >= 500:
		return m, fmt.Errorf("%s answered %d", address.Path, res.StatusCode)
	case res.StatusCode != http.StatusOK:
		return m, ErrNoManifest
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxManifest)).Decode(&m); err != nil || m.Name == "" {
		return Manifest{}, ErrNoManifest
	}
	return m, nil
}
