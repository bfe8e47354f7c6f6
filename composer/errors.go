package composer

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/breaker"
)

// FetchError says why a fragment could not be had. For a page it is a failed
// include; for a form or an API call it is the answer's 502, 503 or 504.
type FetchError struct {
	Reference string
	Status    int   // what the fragment answered, 0 if it did not
	Err       error // what went wrong before or after that, nil if only the status is wrong

	primary bool // it was to give the page its status
}

func (e *FetchError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s answered %d", e.Reference, e.Status)
	}
	return fmt.Sprintf("%s: %v", e.Reference, e.Err)
}

func (e *FetchError) Unwrap() error { return e.Err }

// RequestError says that the request of the visitor did not arrive as a whole.
type RequestError struct {
	Status int   // 400: malformed, or broken off; 408: too slow; 413: too large
	Err    error // what went wrong
}

func (e *RequestError) Error() string { return "the body of the request: " + e.Err.Error() }

func (e *RequestError) Unwrap() error { return e.Err }

// AddressError says why an include may not ask for an address. It is a failed
// include, like a fragment that does not answer.
type AddressError = address.Error

// What can go wrong with a fragment that answers.
var (
	errPageTooLarge = errors.New("the page is too large")
	errTooDeep      = errors.New("includes are nested too deeply")
	errTooMany      = errors.New("the page has too many includes")
	errPanic        = errors.New("the handler panicked")
	errLength       = errors.New("the answer is not as long as it says")
)

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
	var fetch *FetchError
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
	case errors.As(err, &fetch) && fetch.primary && fetch.Status >= 500:
		return fetch.Status
	}
	return http.StatusBadGateway
}
