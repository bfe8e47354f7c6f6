package composer

import (
	"net/http"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/header"
)

// withNormalHost returns a request whose Host is in its normal form, so that
// all who name a site in one way or another have one answer from the store, and
// one invalidation drops it. What a visitor writes in another way also reaches
// no source, whose answer may show it to everybody.
func withNormalHost(r *http.Request) *http.Request {
	host := address.NormalHost(r.Host, header.Scheme(r))
	if host == r.Host {
		return r
	}
	normal := r.WithContext(r.Context())
	normal.Host = host
	return normal
}
