package http1

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// UnreachableError is the error of a connection that could not be made. No part of its
// request was sent.
type UnreachableError struct{ err error }

func (e *UnreachableError) Error() string { return e.err.Error() }

func (e *UnreachableError) Unwrap() error { return e.err }

// IsUnreachable reports whether a request failed before any part of it was sent. Such
// a failure does not depend on the request.
func IsUnreachable(err error) bool {
	var unreachable *UnreachableError
	var network *net.OpError
	return errors.As(err, &unreachable) || errors.As(err, &network) && network.Op == "dial"
}

// IsUnanswered reports whether a connection was refused, or lost before a response. A
// request lost on an idle connection is not among these errors, because Client and
// http.Transport repeat it themselves.
func IsUnanswered(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF)
}
