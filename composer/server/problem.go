package server

import (
	"errors"
	"fmt"
	"maps"
	"net/http"

	"selvedge/composer"
)

// Problem is an error with its response (RFC 9457).
type Problem struct {
	Status  int            // 4xx or 5xx
	Title   string         // the kind of problem; empty: the text of the status
	Detail  string         // the mistake and its remedy, in a sentence for a person
	Members map[string]any // further members of the JSON
	Err     error          // the cause, for the log alone
}

// Error returns the title, the detail and the cause.
func (p *Problem) Error() string {
	text := p.title()
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	if p.Err != nil {
		text = fmt.Sprintf("%s: %v", text, p.Err)
	}
	return text
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Err }

func (p *Problem) title() string {
	if p.Title != "" {
		return p.Title
	}
	if text := http.StatusText(p.Status); text != "" {
		return text
	}
	return "Error"
}

// heading returns the title for a person, without the words of the protocol.
func (p *Problem) heading() string {
	switch {
	case p.Title != "":
		return p.Title
	case p.Status == http.StatusNotFound, p.Status == http.StatusGone:
		return "Not found"
	case p.Status >= 500:
		return "Something went wrong"
	}
	return "That did not work"
}

// members returns the JSON object of the problem. Members cannot replace the members of
// RFC 9457.
func (p *Problem) members(id string) map[string]any {
	m := map[string]any{}
	maps.Copy(m, p.Members)
	m["type"], m["title"], m["status"] = "about:blank", p.title(), p.Status
	if p.Detail != "" {
		m["detail"] = p.Detail
	}
	if id != "" {
		m["id"] = id
	}
	return m
}

// ProblemOf returns the problem of an error for a client:
//
//   - of a *Problem, the problem itself;
//   - of a *[RequestError], a problem with its status and its sentence;
//   - of an error of package composer, a problem with the status of [composer.StatusOf].
func ProblemOf(err error) *Problem {
	var problem *Problem
	var refused *RequestError
	var incomplete *composer.RequestError
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &refused):
		return &Problem{Status: refused.Status, Detail: refused.Detail}
	case errors.As(err, &incomplete):
		return incompleteRequest(incomplete)
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
