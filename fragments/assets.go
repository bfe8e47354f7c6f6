package fragments

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"selvedge/fragments/assets"
)

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
// folder. The path of r is that within the fragment.
func (f *Fragment) asset(r *http.Request) (*http.Request, bool) {
	if f.manifest.Assets == nil || !strings.HasPrefix(r.URL.Path, assetPath) {
		return nil, false
	}
	return withPath(r, prefix+f.manifest.Name+r.URL.Path, ""), true
}

// HasAsset reports whether a path on the site is the URL of an asset.
func (f *Fragment) HasAsset(path string) bool { return f.assets.Has(path) }
