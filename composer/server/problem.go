package server

import (
	"errors"
	"net/http"
	"strings"

	"selvedge/composer"
	"selvedge/fragments/problem"
)

// Problem is an error with the content of its response (RFC 9457).
type Problem = problem.Problem

// ProblemOf returns the problem of an error for a client:
//
//   - of a *Problem, the problem itself;
//   - of a *[RequestError], a problem with its status and its sentence;
//   - of a malformed reference, or of one that no version of a fragment satisfies, a problem
//     with the text of the error. The latter has the existing versions as a member;
//   - of any other error of package composer, a problem with the status of
//     [composer.StatusOf].
func ProblemOf(err error) *Problem {
	var known *Problem
	var refused *RequestError
	var incomplete *composer.RequestError
	var malformed *composer.ReferenceError
	var unknown *composer.VersionError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &refused):
		return &Problem{Status: refused.Status, Detail: refused.Detail}
	case errors.As(err, &incomplete):
		return incompleteRequest(incomplete)
	case errors.As(err, &malformed):
		return &Problem{Status: http.StatusBadRequest, Detail: sentence(malformed)}
	case errors.As(err, &unknown):
		return unknownVersion(unknown)
	}
	p := &Problem{Status: composer.StatusOf(err)}
	switch {
	case p.Status == http.StatusNotFound, p.Status == http.StatusGone:
		p.Detail = "There is nothing at this address."
	case p.Status < http.StatusInternalServerError:
		p.Detail = "This page cannot be had as it was asked for."
	case p.Status == http.StatusGatewayTimeout:
		p.Title, p.Err = "This takes too long", err
		p.Detail = "The server that should answer does not. If you sent a form, look whether it arrived before you send it again."
	default:
		p.Title, p.Err = "This page is out of reach", err
		p.Detail = "A server that should answer cannot be reached, or is in trouble. Please try again in a moment."
	}
	return p
}

// unknownVersion returns the problem of a reference that no version satisfies.
func unknownVersion(err *composer.VersionError) *Problem {
	p := &Problem{Status: http.StatusNotFound, Detail: sentence(err)}
	if len(err.Versions) > 0 {
		p.Extra = map[string]any{"versions": err.Versions}
	}
	return p
}

// sentence returns the text of an error as a sentence.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// incompleteRequest returns the problem of a request body that did not arrive.
func incompleteRequest(err *composer.RequestError) *Problem {
	p := &Problem{Status: err.Status, Err: err, Detail: "The request is not complete, or is malformed. Please send it again."}
	switch err.Status {
	case http.StatusRequestTimeout:
		p.Detail = "The request took too long to arrive. Please send it again."
	case http.StatusRequestEntityTooLarge:
		p.Detail = "The request is larger than what is taken here."
	}
	return p
}
