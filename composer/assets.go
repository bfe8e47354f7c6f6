package composer

import "net/http"

// Assets serves the stylesheets announced by fragments of other processes, each from its
// process, and leaves all other requests to next. A team can so deploy a fragment together
// with its stylesheets.
//
// A fragment announces a stylesheet with a Link field of the relation stylesheet, or preload
// as style:
//   - Of a response the first 16 stylesheets count. Those on other hosts are ignored.
//   - $(SELVEDGE_STYLES), in esi:vars of a template, links the stylesheets that the
//     fragments of the page announced last time.
//   - A stylesheet announced for the first time is linked right before its fragment.
//   - A page links each stylesheet once.
func (c *Composer) Assets(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := c.fetcher.Stylesheets.Remote(r.URL.RequestURI())
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		c.Forward(name).ServeHTTP(w, r)
	})
}
