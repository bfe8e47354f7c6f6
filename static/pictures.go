package static

import (
	"net/http"
	"net/url"
	"strings"

	"selvedge/fragments/assets"
	"selvedge/static/picture"
)

var picturePrefix = prefix + "pictures/" + picture.Version() + "/"

// PictureURL returns the path that Handler serves a drawing under; name is one
// that picture.Draw knows. Any other name gives a URL that answers 404: names
// come from data, and a missing picture does not take a page down.
func PictureURL(name string) string {
	return picturePrefix + url.PathEscape(name) + ".svg"
}

// drawn returns the drawing that a path names.
func drawn(path string) (svg []byte, ok bool) {
	file, ok := strings.CutPrefix(path, picturePrefix)
	if !ok {
		return nil, false
	}
	name, ok := strings.CutSuffix(file, ".svg")
	if !ok {
		return nil, false
	}
	svg, err := picture.Draw(name)
	return svg, err == nil
}

// servePicture takes away from the answer everything that an SVG document
// could do when a browser opens it as a page of this site.
func servePicture(w http.ResponseWriter, r *http.Request, svg []byte) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'none'")
	assets.NewGenerated("image/svg+xml", svg).ServeHTTP(w, r)
}
