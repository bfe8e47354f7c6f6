package site

import (
	"net/http"

	"selvedge/composer/server"
)

// mayDebug returns the function for composer.Options.Debug of a site: everybody in dev, and
// otherwise the operator, whose token reaches no include of the page. The token may be nil.
func mayDebug(dev bool, admin *server.BearerToken) func(*http.Request) bool {
	return func(r *http.Request) bool {
		isOperator := admin != nil && admin.Verify(r)
		if isOperator {
			r.Header.Del("Authorization")
		}
		return isOperator || dev
	}
}
