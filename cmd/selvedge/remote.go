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

// remote is a fragment that another process serves.
type remote struct {
	name string
	url  *url.URL
}

// How often another process is asked for the version it serves, so that a
// deployment of it is noticed.
const (
	watchInterval = 5 * time.Second
	watchTimeout  = 2 * time.Second
)

// watch keeps the registry's version of the fragment true until ctx ends. A
// process that does not answer keeps the version it had, and serves on as soon
// as it is back.
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

// manifestClient follows no redirect: it could lead to a server that only this
// process reaches (server-side request forgery).
var manifestClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// version asks the process what it serves.
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
