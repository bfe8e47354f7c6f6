// Package manifest reads the manifest of a fragment: a description of the fragment in JSON
// that its source serves at /-/manifest or /manifest.json. A source works without one.
//
//	m, err := manifest.Read(ctx, source)
package manifest

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Manifest describes a fragment.
type Manifest struct {
	Name    string `json:"name"`
	Version string `json:"version"` // by semver
	Title   string `json:"title"`
	Paths   []Path `json:"paths"`

	// Policy has hosts for the Content-Security-Policy of the site, by directive, as in
	// https://cdn.example for img-src. The configuration of a site says which of them count.
	Policy map[string][]string `json:"policy"`
}

// Path is a path of a fragment, without the name of the fragment.
type Path struct {
	Pattern string `json:"pattern"` // a method and a path, as of net/http.ServeMux
	Title   string `json:"title"`
	Sample  string `json:"sample"` // a path with sample data; empty: none
}

// Schema describes manifests, in JSON Schema 2020-12.
//
//go:embed manifest.schema.json
var Schema []byte

// ErrNone is the error of a source without a manifest.
var ErrNone = errors.New("it has no manifest, at /manifest.json or /-/manifest")

// MaxSize is the largest size of a manifest, in bytes.
const MaxSize = 64 << 10

const timeout = 2 * time.Second

// client follows no redirect, because a redirect could lead to a server that is closed to
// all clients but this process (server-side request forgery).
var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Addresses returns the addresses of the manifest of a source, in the order in which they
// are requested.
func Addresses(source *url.URL) []*url.URL {
	return []*url.URL{source.JoinPath("/-/manifest"), source.JoinPath("/manifest.json")}
}

// Read requests the manifest of a source. The error is ErrNone if the source answers, and
// has none.
func Read(ctx context.Context, source *url.URL) (Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for _, address := range Addresses(source) {
		m, err := read(ctx, address)
		if !errors.Is(err, ErrNone) {
			return m, err
		}
	}
	return Manifest{}, ErrNone
}

// read requests a manifest at an address.
func read(ctx context.Context, address *url.URL) (m Manifest, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return m, err
	}
	req.Header.Set("Accept", "application/json")
	req.Close = true
	res, err := client.Do(req)
	if err != nil {
		return m, err
	}
	defer func() { _ = res.Body.Close() }()
	switch {
	case res.StatusCode >= 500:
		return m, fmt.Errorf("%s answered %d", address.Path, res.StatusCode)
	case res.StatusCode != http.StatusOK:
		return m, ErrNone
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, MaxSize)).Decode(&m); err != nil || m.Name == "" {
		return Manifest{}, ErrNone
	}
	return m, nil
}
