package fragments

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/a-h/templ"

	"selvedge/fragments/problem"
)

// Error responds to a request with an error. The form of the response depends on the
// request:
//
//   - problem+json, by default;
//   - a section of HTML, if the request prefers HTML;
//   - a Notice, if the request prefers HTML and was sent in the background.
//
// The status and the texts are from the first entry of this list that err is or wraps:
//
//   - a *Problem;
//   - an error with the methods HTTPStatus() int and Detail() string, the sentence for a
//     person. A method Title() string is optional;
//   - an *http.MaxBytesError: 413;
//   - any other error, after the client has closed its connection: 499;
//   - any other error, after the deadline of the request: 503;
//   - any other error: 500.
//
// An error with a 5xx status is logged with the id of the request. The response shows
// this id and not the text of the error. A 503 has Retry-After. Errors with a 4xx status
// are not logged.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	p, id := explain(r, err)
	SetRetryAfter(w.Header(), p.Status)
	a := Answer{Status: p.Status, CacheControl: "no-store", Vary: []string{"Accept"}}
	switch {
	case InBackground(r) && PrefersHTML(r):
		// An ended context would stop the rendering.
		if Swap(w, r.WithContext(context.WithoutCancel(r.Context())), a, noticeOf(p, id)) == nil {
			return
		}
	case PrefersHTML(r):
		if a.writeHTML(w, r, p.Section(id, Back(r, "/"))) == nil {
			return
		}
	}
	_ = a.write(w, r, problem.ContentType, p.JSON(id)) // a has no groups
}

// noticeOf returns the notice of a problem.
func noticeOf(p *Problem, id string) templ.Component {
	if p.While == "" {
		return Notice(words(p, id))
	}
	return NoticeWhile(words(p, id), p.While)
}

// words returns a problem in a single line.
func words(p *Problem, id string) string {
	text := p.Heading() + "."
	if p.Detail != "" && p.Title == "" {
		text = p.Detail
	} else if p.Detail != "" {
		text += " " + p.Detail
	}
	if id != "" {
		text += " Error number " + id + "."
	}
	return text
}

// Explain returns the section of HTML that Error would write for a person, as content of
// a page. The error is logged as by Error.
func Explain(r *http.Request, err error) []byte {
	p, id := explain(r, err)
	return p.Section(id, Back(r, "/"))
}

// explain returns the problem for an error. A 5xx is logged, and id is the id in the log.
func explain(r *http.Request, err error) (p *Problem, id string) {
	p = problemOf(r, err)
	if p.Status >= 500 {
		id = problem.RequestID(r)
		slog.ErrorContext(r.Context(), "request failed",
			"id", id, "method", r.Method, "path", r.URL.Path, "status", p.Status, "err", err)
	}
	return p, id
}

// statusClientClosed is the status of a response to a client that has closed its
// connection. The response is usually not read.
const statusClientClosed = 499

// statusError is an error of an application with the content of its response. A method
// Title() string, for Problem.Title, is optional.
type statusError interface {
	error
	HTTPStatus() int // a 4xx or 5xx status
	Detail() string  // for a person, as Problem.Detail; may be empty
}

// problemOf returns the problem for an error.
func problemOf(r *http.Request, err error) *Problem {
	var p *Problem
	var known statusError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &known):
		p = &Problem{Status: known.HTTPStatus(), Detail: known.Detail(), Err: err}
		if titled, ok := known.(interface{ Title() string }); ok {
			p.Title = titled.Title()
		}
		return p
	case errors.As(err, &tooLarge):
		return problem.BodyError(err)
	}
	switch end := r.Context().Err(); {
	case errors.Is(end, context.Canceled):
		return &Problem{Status: statusClientClosed, Title: "Client Closed Request"}
	case end != nil: // the deadline has passed, and the client waits for a response
		return &Problem{Status: http.StatusServiceUnavailable, Title: "This takes too long",
			Detail: "This could not be done in time. Look whether it was done before you try again."}
	}
	return &Problem{Status: http.StatusInternalServerError, Title: "Something went wrong",
		Detail: "The error is ours and has been noted. Please try again in a moment."}
}
