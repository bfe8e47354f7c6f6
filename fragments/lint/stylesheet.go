package lint

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"selvedge/composer"
)

// checkStylesheets checks that the stylesheets exist that the response announces. Those of
// other fragments, and of the site, are unknown here.
func (r *resource) checkStylesheets(ctx context.Context) error {
	announced := composer.StylesheetsOf(r.first.header)
	if text := strings.Join(r.first.header.Values("Link"), ", "); len(announced) == 0 && isAboutStyle(text) {
		r.add("style", "write Link: </fragments/NAME/FILE.css>; rel=stylesheet, with a path of the site", "Link: %s announces no stylesheet of the site", text)
	}
	for _, path := range announced {
		own, ok := ownPath(path)
		if !ok {
			continue
		}
		a, err := r.source.request(ctx, http.MethodGet, r.source.base.ResolveReference(own), "", "Accept", "text/css")
		if err != nil {
			return err
		}
		mediaType, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
		switch {
		case a.status != http.StatusOK:
			r.add("style", "serve the file at this path, or correct the Link field", "the stylesheet %s is requested as %s and answered with %d", path, own, a.status)
		case mediaType != "text/css":
			r.add("style", "send Content-Type: text/css", "the stylesheet %s has the Content-Type %q, so browsers ignore it", path, mediaType)
		}
	}
	return nil
}

// isAboutStyle reports whether the text of Link fields has the relation of a stylesheet.
func isAboutStyle(text string) bool {
	return strings.Contains(text, "stylesheet") || strings.Contains(text, "as=style") || strings.Contains(text, `as="style"`)
}

// ownPath returns the path in a fragment of a path of the site.
func ownPath(path string) (*url.URL, bool) {
	rest, ok := strings.CutPrefix(path, composer.Prefix)
	_, own, hasName := strings.Cut(rest, "/")
	if !ok || !hasName {
		return nil, false
	}
	u, err := url.Parse("/" + own)
	return u, err == nil
}
