package fragments

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"selvedge/fragments/assets"
)

// prefix begins the path of a fragment on the site of its composer.
const prefix = "/fragments/"

// assetPath is the path of a fragment below which its assets are, as composers know it
// (composer.AssetPath).
const assetPath = "/assets/"

// assetPrefix returns the path on the site below which the assets of a fragment are.
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

// asset returns the request for an asset with the path on the site, as the folder knows
// it. A request of a composer has the path without the name of the fragment, and a
// request that reaches the fragment without a composer has the path on the site.
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

// URL returns the address of a file of Manifest.Assets on the site. It panics if there
// is no such file, because names are written by programmers.
func (f *Fragment) URL(file string) string { return f.assets.URL(file) }

// HasAsset reports whether a path on the site is one that URL returns.
func (f *Fragment) HasAsset(path string) bool { return f.assets.Has(path) }

// URL returns the address of a file among the assets of the fragment that renders, for
// views. ctx is the context of its request, as a templ component has it:
//
//	<img src={ fragments.URL(ctx, "clock.svg") } alt=""/>
//
// It panics if there is no such file, or ctx is not of a request to a fragment.
func URL(ctx context.Context, file string) string {
	f, ok := ctx.Value(fragmentKey{}).(*Fragment)
	if !ok {
		panic(fmt.Sprintf("fragments: URL(%q) is called outside of a request to a fragment", file))
	}
	return f.URL(file)
}
