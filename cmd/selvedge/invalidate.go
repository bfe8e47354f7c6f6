package main

import (
	"net/http"

	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/fragments"
)

// invalidation returns the handler for POST /-/invalidate. Its errors are problem JSON,
// whatever a request accepts, because its clients are programs.
func invalidation(c *composer.Composer, admin *server.BearerToken) http.Handler {
	return &server.Invalidation{
		Composer:  c,
		Authorize: adminOnly(admin, "Invalidating"),
		Error: func(w http.ResponseWriter, r *http.Request, err error) {
			r.Header.Set("Accept", "application/json")
			fragments.Error(w, r, err)
		},
	}
}
