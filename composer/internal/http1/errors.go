package http1

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
)

// ContextError prefers the reason for which we stopped waiting to the error
// that this caused.
func ContextError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// UnreachableError says that no connection to a source could be made, so that
// nothing of a request was sent.
type UnreachableError struct{ err error }

func (e *UnreachableError) Error() string { return e.err.Error() }

func (e *UnreachableError) Unwrap() error { return e.err }

// IsUnreachable reports whether a request failed before any part of it was sent.
// Such a failure does not depend on the request.
func IsUnreachable(err error) bool {
	var unreachable *UnreachableError
	var network *net.OpError
	return errors.As(err, &unreachable) || errors.As(err, &network) && network.Op == "dial"
}

// Unanswered reports whether a connection was refused, or lost before an
// answer. A kept-alive one that was lost like this has by then been replaced
// by http.Transport, which repeats the request by itself.
func Unanswered(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF)
}
