package static

import (
	"path"
	"strings"
)

// staleControl is the Cache-Control of this version's bytes under the name of
// another one. The page looks right in most cases, and a cache forgets soon what
// the name does not stand for.
const staleControl = "public, max-age=60"

// IsStale reports whether a path is that of another version of a file of this
// package: a page that was made before a deployment, or after it by another
// process, names its own hash of a file.
func IsStale(path string) bool {
	_, known := assets[path]
	_, named := assetNamed(path)
	return named && !known
}

// assetNamed returns the file whose name a path has, with any hash.
func assetNamed(urlPath string) (asset, bool) {
	name, ok := strings.CutPrefix(urlPath, prefix)
	if !ok {
		return asset{}, false
	}
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext)
	digits := path.Ext(base)
	if len(digits) != 1+hashDigits || strings.Trim(digits[1:], "0123456789abcdef") != "" {
		return asset{}, false
	}
	u, ok := urls[strings.TrimSuffix(base, digits)+ext]
	return assets[u], ok
}
