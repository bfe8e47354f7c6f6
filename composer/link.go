package composer

import (
	"net/url"
)

// linkBase is the address of an answer as a browser would have to ask for it.
func (q *query) linkBase() *url.URL {
	address := q.URI
	if q.Backend.Guarded || !q.Backend.External && !q.page {
		address = q.String()
	}
	base, err := url.ParseRequestURI(address)
	if err != nil {
		return &url.URL{Path: "/"}
	}
	return base
}
