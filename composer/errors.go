package composer

import (
	"context"
	"errors"
	"net/http"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/page"
	"selvedge/composer/internal/requestbody"
)

// FetchError says why a fragment could not be fetched. For a page it is a failed include;
// for a form or an API call it is the response's 502, 503 or 504.
//
//   - Reference names the fragment.
//   - Status is that of the fragment's response, 0 if there was none.
//   - Err is what went wrong before or after the response, nil if only the status is wrong.
//   - Primary is true if the fragment was to give the page its status.
type FetchError = fetch.Error

// RefusedError is a fragment's error response to a request that depends on it: a 4xx to
// the page whose primary include it is, or a response to a form that was written for the
// person at the browser.
//
//   - Status is 400 to 499; to a form also 500 to 599.
//   - Body is HTML in UTF-8 for the person, nil unless the response says
//     Selvedge-Error: show.
//   - Header has the Allow, Retry-After and WWW-Authenticate of the response, nil if it has
//     none. It must not be changed.
type RefusedError = page.RefusedError

// RequestError says that the body of the visitor's request could not be read. Its Status
// is 400 if the body is malformed or incomplete, 408 if it is too slow, and 413 if it is
// too large.
type RequestError = requestbody.Error

// AddressError says why an include may not ask for an address. It is a failed
// include, like a fragment that does not answer.
type AddressError = address.Error

// StatusOf returns the HTTP status for an error of this package: that of a
// *RequestError, 400 for a reference that does not parse, 404 for a fragment or version that does not
// exist, that of the fragment if it refused, 504 for a fragment that did not
// answer in time, 503 for one that is not asked since it failed too often, that
// of a primary include which failed, and 502 otherwise.
func StatusOf(err error) int {
	var request *RequestError
	var refused *RefusedError
	var reference *ReferenceError
	var version *VersionError
	var failed *FetchError
	switch {
	case errors.As(err, &request):
		return request.Status
	case errors.As(err, &refused):
		return refused.Status
	case errors.As(err, &reference):
		return http.StatusBadRequest
	case errors.As(err, &version):
		return http.StatusNotFound
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout
	case errors.Is(err, breaker.ErrOpen):
		return http.StatusServiceUnavailable
	case errors.As(err, &failed) && failed.Primary && failed.Status >= 500:
		return failed.Status
	}
	return http.StatusBadGateway
}
