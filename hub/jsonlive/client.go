package jsonlive

import (
	"context"
	"fmt"
	"net/http"

	"selvedge/hub"
)

// A Client reads references with the rights of a connection's request. Its methods must be
// safe for concurrent use.
type Client interface {
	// Session returns the verified session; empty: none.
	Session() string

	// Look fetches a reference as a GET of the client with Accept: [MediaType], and
	// returns its view, made by [NewView], in its present state. It returns soon after
	// the end of ctx. The client is sent the error if it is an *Error, and otherwise a
	// status of 502.
	Look(ctx context.Context, reference string) (hub.Shown, error)
}

// MediaType is the media type that clients ask for.
const MediaType = "application/json"

// Error is the error of a reference that a client does not follow.
type Error struct {
	Status int    `json:"status"` // of HTTP, 400 to 599
	Detail string `json:"detail"` // a sentence for the client
}

// Error returns the status and the sentence.
func (e *Error) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Detail) }

// NoGroups returns the error of a response that belongs to no group.
func NoGroups() *Error {
	return &Error{http.StatusUnprocessableEntity, "The response has no Cache-Groups, so no change of it can be followed."}
}

// Refused returns the error of a fragment that answers with a status.
func Refused(status int) *Error {
	return &Error{status, fmt.Sprintf("The fragment answers %d %s.", status, http.StatusText(status))}
}
