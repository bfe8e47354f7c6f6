package fragments

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// prefix is the first part of the path of a fragment on the site of its composer.
const prefix = "/fragments/"

// URL returns the address on the site of
//
//   - a path of the fragment, which begins with a slash: /fragments/notes/list?page=2 for
//     "/list?page=2". The path is escaped already;
//   - a file of [Manifest.Assets], such as "clock.svg". URL panics for a missing file,
//     because names are written by programmers.
func (f *Fragment) URL(address string) string {
	if strings.HasPrefix(address, "/") {
		return prefix + f.manifest.Name + address
	}
	return f.assets.URL(address)
}

// URL returns the address of a path or an asset of the fragment that serves a request, for
// views (see [Fragment.URL]). ctx is the context of the request, as in a templ component:
//
//	<form method="post" action={ templ.SafeURL(fragments.URL(ctx, "/alarm")) }>
//	<img src={ fragments.URL(ctx, "clock.svg") } alt=""/>
//
// The address has the name in the manifest, so it is the same for an include, a form, an API
// call, a rendering for open pages, and a fragment that is served alone. It panics in these
// cases:
//
//   - the fragment has no such file;
//   - ctx is not the context of a request to a fragment.
func URL(ctx context.Context, address string) string {
	f, ok := ctx.Value(fragmentKey{}).(*Fragment)
	if !ok {
		panic(fmt.Sprintf("fragments: URL(%q) is called outside of a request to a fragment", address))
	}
	return f.URL(address)
}

// within returns a request with the path within the fragment. A composer sends this path. A
// request without a composer may have the path on the site, as URL returns it.
func (f *Fragment) within(r *http.Request) *http.Request {
	own := prefix + f.manifest.Name
	path, ok := strings.CutPrefix(r.URL.Path, own)
	if !ok || !strings.HasPrefix(path, "/") {
		return r
	}
	return withPath(r, path, strings.TrimPrefix(r.URL.RawPath, own))
}

// withPath returns a copy of a request with another path.
func withPath(r *http.Request, path, rawPath string) *http.Request {
	u, out := *r.URL, *r
	u.Path, u.RawPath = path, rawPath
	out.URL = &u
	return &out
}
