package fragments

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"selvedge/fragments/assets"
)

// prefix is the first part of the path of a fragment on the site of its composer.
const prefix = "/fragments/"

// assetPath is the path of assets within a fragment, as in composer.AssetPath.
const assetPath = "/assets/"

// assetPrefix returns the path of the assets of a fragment on the site.
func (m Manifest) assetPrefix() string { return prefix + m.Name + assetPath }

// loadAssets returns the files of Manifest.Assets.
func loadAssets(m Manifest) (folder *assets.Folder, err error) {
	folder = assets.NewFolder(m.assetPrefix())
	if m.Assets != nil {
		if folder, err = assets.Load(m.assetPrefix(), m.Assets); err != nil {
			return nil, fmt.Errorf("assets of fragment %s: %w", m.Name, err)
		}
	}
	names := folder.Names()
	for _, style := range m.Styles {
		if !slices.Contains(names, style) {
			return nil, fmt.Errorf("style %q of fragment %s is none of its assets %q", style, m.Name, names)
		}
	}
	return folder, nil
}

// asset returns the request for an asset with its path on the site, the path for the
// folder. A request from a composer has the path without the name of the fragment. A
// request without a composer has the path on the site.
func (f *Fragment) asset(r *http.Request) (*http.Request, bool) {
	own := f.manifest.assetPrefix()
	switch {
	case f.manifest.Assets == nil:
		return nil, false
	case strings.HasPrefix(r.URL.Path, own):
		return r, true
	case strings.HasPrefix(r.URL.Path, assetPath):
		u := *r.URL
		u.Path, u.RawPath = strings.TrimSuffix(own, assetPath)+r.URL.Path, ""
		out := *r
		out.URL = &u
		return &out, true
	}
	return nil, false
}

// URL returns the address of a file of Manifest.Assets on the site. It panics for a
// missing file, because names are written by programmers.
func (f *Fragment) URL(file string) string { return f.assets.URL(file) }

// HasAsset reports whether a path on the site is the URL of an asset.
func (f *Fragment) HasAsset(path string) bool { return f.assets.Has(path) }

// URL returns the address of an asset of the fragment that serves a request, for views.
// ctx is the context of the request, as in a templ component:
//
//	<img src={ fragments.URL(ctx, "clock.svg") } alt=""/>
//
// It panics in these cases:
//
//   - the fragment has no such file;
//   - ctx is not the context of a request to a fragment.
func URL(ctx context.Context, file string) string {
	f, ok := ctx.Value(fragmentKey{}).(*Fragment)
	if !ok {
		panic(fmt.Sprintf("fragments: URL(%q) is called outside of a request to a fragment", file))
	}
	return f.URL(file)
}
