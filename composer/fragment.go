package composer

import (
	"net/http"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/page"
)

// AssetPath begins the path, within a fragment, of files that its pages load: stylesheets,
// scripts, pictures and fonts. The response is compressed for a client that accepts gzip,
// and has no cookie of a session, because every cache may keep it.
const AssetPath = page.AssetPath

// Fragment serves fragments by reference, at [Prefix]: /fragments/cart/mini, or with a
// constraint on the version /fragments/cart@^1.2/mini (see [ParseReference]). GET and HEAD
// are answered with one rendered fragment: the bytes that a page includes for the same
// session and the same Accept. Requests with another method are forwarded to the fragment,
// as Forward does.
func (c *Composer) Fragment() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ref, err := ParseReference(address.EscapedPath(r.URL) + "?" + r.URL.RawQuery)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			c.forward(w, r, ref)
			return
		}
		ref.Query = address.WithoutArguments(ref.Query)
		at, err := c.resolver.TargetOf(ref)
		if err == nil {
			err = c.pages.ServeFragment(w, normalHost(r), at)
		}
		if err != nil {
			c.fail(w, r, err)
		}
	})
}
