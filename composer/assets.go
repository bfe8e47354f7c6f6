package composer

import "net/http"

// Assets serves the stylesheets that fragments of other processes announced, each from
// the process that announced it, and leaves all other requests to next. A team can so
// deploy a fragment together with its stylesheets.
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
