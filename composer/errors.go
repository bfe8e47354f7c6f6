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

// FetchError is the error of a fetch that failed. In a page it is a failed include, and in
// a form or an API call the response's 502, 503 or 504.
//
//   - Reference names the fragment.
//   - Status is that of the fragment's response, 0 without a response.
//   - Err is the failure before or after the response, nil if only the status is wrong.
//   - Primary is true if the fragment was to give the page its status.
type FetchError = fetch.Error

// RefusedError is the error response of a fragment that a request depends on:
//   - a 4xx to the page whose primary include it is;
//   - a response to a form that was written for the person at the browser.
//
// Its fields:
//   - Status is 400 to 499; to a form also 500 to 599.
//   - Body is HTML in UTF-8 for the person, nil unless the response says
//     Selvedge-Error: show.
//   - Header has the Allow, Retry-After and WWW-Authenticate of the response, nil without
//     these. It must not be changed.
type RefusedError = page.RefusedError

// RequestError is the error of a visitor's request whose body could not be read. Its Status
// is
//   - 400: the body is malformed or incomplete;
//   - 408: the body is too slow;
//   - 413: the body is too large.
type RequestError = requestbody.Error

// AddressError is the error of an include with a forbidden address. The include fails, as
// for a fragment without a response.
type AddressError = address.Error

// StatusOf returns the HTTP status for an error of this package:
//
//	*RequestError    its Status: 400, 408 or 413
//	*RefusedError    its Status
//	*ReferenceError  400
//	*VersionError    404, no such fragment or version
//	*FetchError      504, no response in time
//	                 503, not asked because it failed too often
//	                 5xx, the Status of a failed primary include
//	                 502, all else
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
