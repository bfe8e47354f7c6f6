package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"selvedge/composer"
	"selvedge/fragments/standalone"
)

// remote is a fragment of another process.
type remote struct {
	name string
	url  *url.URL
}

// The process of a fragment is asked for its version every watchInterval, so that a
// deployment is noticed.
const (
	watchInterval = 5 * time.Second
	watchTimeout  = 2 * time.Second
)

// watch updates the version of the fragment in the registry until ctx ends. The version of
// a process that does not answer stays, so that its pages work again after a restart.
func (r *remote) watch(ctx context.Context, registry *composer.Registry, logger *slog.Logger) {
	known := ""
	for {
		version, err := r.version(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			logger.Warn("a fragment's process does not answer", "fragment", r.name, "url", r.url.String(), "err", err)
		case err == nil && version != known:
			if err := registry.Add(r.name, version, composer.Source{URL: r.url}); err != nil {
				logger.Warn("a fragment's version is unusable", "fragment", r.name, "err", err)
				break
			}
			logger.Info("fragment", "name", r.name, "version", version, "url", r.url.String())
			known = version
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchInterval):
		}
	}
}

// manifestClient follows no redirect, because a redirect could lead to a server that is
// closed to all clients but this process (server-side request forgery).
var manifestClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// version returns the version in the manifest of the process.
func (r *remote) version(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url.JoinPath(standalone.ManifestPath).String(), nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Accept", "application/json")
	req.Close = true
	res, err := manifestClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answered %d", standalone.ManifestPath, res.StatusCode)
	}
	var manifest struct{ Name, Version string }
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&manifest); err != nil {
		return "", fmt.Errorf("read manifest: %w", err)
	}
	if manifest.Name != r.name {
		return "", fmt.Errorf("it serves the fragment %q", manifest.Name)
	}
	return manifest.Version, nil
}
