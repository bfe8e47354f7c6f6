package fetch

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/stream"
)

// Error describes the failed fetch of a fragment. In a page, an Error is a failed
// include. For a form or an API call, it becomes a 502, 503 or 504 response.
type Error struct {
	Reference string
	Status    int   // of the fragment's response; 0 without a response
	Err       error // the error before or after the response; nil if only the status is an error
	Primary   bool  // the fragment was the primary include of a page
}

// Error returns the reference and the reason.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s answered %d", e.Reference, e.Status)
	}
	return fmt.Sprintf("%s: %v", e.Reference, e.Err)
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

var (
	// ErrPanic reports a panic in the handler of a fragment.
	ErrPanic = errors.New("the handler panicked")

	errLength = errors.New("the answer is not as long as it says")
)

// Reason returns a short name for the reason of an error, so that failures of one kind
// are counted together even if their texts differ.
func Reason(err error) string {
	var failed *Error
	var denied *address.Error
	switch {
	case errors.As(err, &failed) && failed.Err == nil:
		return "status " + strconv.Itoa(failed.Status)
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, breaker.ErrOpen):
		return "breaker open"
	case errors.Is(err, stream.ErrTooLarge):
		return "limit"
	case errors.Is(err, ErrPanic):
		return "panic"
	case errors.Is(err, encoding.ErrCoding), errors.Is(err, errLength):
		return "malformed response"
	case errors.Is(err, errRedirect):
		return "redirect"
	case errors.As(err, &denied):
		return "address"
	}
	return "connection"
}
