package fragments

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"

	"github.com/a-h/templ"
)

// Problem is an error that says how it is to be answered (RFC 9457).
type Problem struct {
	Status int            // a 4xx or 5xx status
	Title  string         // what kind of problem it is; empty: the text of the status
	Detail string         // what is wrong and what to do, in a sentence for a person
	Extra  map[string]any // further members of the JSON
	Err    error          // the cause; never shown
	While  string         // selects, of a page, what makes this true, as NoticeWhile has it; empty: nothing does
}

// Error returns the texts and the cause.
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

// heading says in the words of people what kind of problem it is. The texts of
// statuses are the words of protocols.
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

// statusClientClosed is what is answered, and usually read by no one, when the
// client of a request is gone.
const statusClientClosed = 499

// Error answers a request with an error: as problem+json, or as a section of
// HTML for a request that prefers HTML, or as a Notice if the request was sent in
// the background. The first of these that err is or wraps gives the status and the
// texts:
//
//   - a *Problem;
//   - an error with the methods HTTPStatus() int and Detail() string, the sentence for
//     a person. It may have a method Title() string too;
//   - an *http.MaxBytesError: 413;
//   - any other error, after the time for the request: 503;
//   - any other error: 500.
//
// A 5xx answer shows the id of the request, with which the error is logged, and not
// the text of the error. A 503 says in Retry-After when to try again. Nothing is
// logged if the client of the request is gone.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	p, id := explain(r, err)
	SetRetryAfter(w.Header(), p.Status)
	r = r.WithContext(context.WithoutCancel(r.Context())) // or nothing could be rendered after its end
	a := Answer{Status: p.Status, CacheControl: "no-store", Vary: []string{"Accept"}}
	switch {
	case InBackground(r) && PrefersHTML(r):
		if Swap(w, r, a, p.notice(id)) == nil {
			return
		}
	case PrefersHTML(r):
		if HTML(w, r, problemView(p.heading(), p.Detail, id, Back(r, "/")), a) == nil {
			return
		}
	}
	body, encodeErr := json.Marshal(p.members(id))
	if encodeErr != nil {
		p.Extra = nil
		body, _ = json.Marshal(p.members(id))
	}
	_ = a.write(w, r, "application/problem+json", append(body, '\n')) // no groups that could fail
}

func (p *Problem) notice(id string) templ.Component {
	if p.While == "" {
		return Notice(p.words(id))
	}
	return NoticeWhile(p.words(id), p.While)
}

// Explain returns the section of HTML by which Error would answer a request
// from a person, for a page to be put around it.
func Explain(r *http.Request, err error) []byte {
	p, id := explain(r, err)
	var body bytes.Buffer
	ctx := context.WithoutCancel(r.Context())                                   // or nothing could be rendered after its end
	_ = problemView(p.heading(), p.Detail, id, Back(r, "/")).Render(ctx, &body) // into memory
	return body.Bytes()
}

// explain returns the problem that an error is. One of ours is logged, and has
// the id that it is logged with.
func explain(r *http.Request, err error) (p *Problem, id string) {
	p = problemOf(r, err)
	if p.Status >= 500 {
		id = requestID(r)
		slog.ErrorContext(r.Context(), "request failed",
			"id", id, "method", r.Method, "path", r.URL.Path, "status", p.Status, "err", err)
	}
	return p, id
}

// retryAfter is when a client may try again after a 503, in seconds.
const retryAfter = "5"

// SetRetryAfter says in the header of an answer with status 503 when to try
// again (RFC 9110 §15.6.4), unless the header says so already.
func SetRetryAfter(h http.Header, status int) {
	if status == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", retryAfter)
	}
}

// words says the problem in one line.
func (p *Problem) words(id string) string {
	text := p.heading() + "."
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

// members returns the JSON object of the problem. Extra cannot replace the
// members of RFC 9457.
func (p *Problem) members(id string) map[string]any {
	m := map[string]any{}
	maps.Copy(m, p.Extra)
	m["type"] = "about:blank"
	m["title"] = p.title()
	m["status"] = p.Status
	if p.Detail != "" {
		m["detail"] = p.Detail
	}
	if id != "" {
		m["id"] = id
	}
	return m
}

// statusError is an error of an application that says how it is answered. It may have
// a method Title() string too, for Problem.Title.
type statusError interface {
	error
	HTTPStatus() int // a 4xx or 5xx status
	Detail() string  // for a person, as Problem.Detail; may be empty
}

// problemOf returns the problem that an error is to a client.
func problemOf(r *http.Request, err error) *Problem {
	var problem *Problem
	var known statusError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &known):
		problem = &Problem{Status: known.HTTPStatus(), Detail: known.Detail(), Err: err}
		if titled, ok := known.(interface{ Title() string }); ok {
			problem.Title = titled.Title()
		}
		return problem
	case errors.As(err, &tooLarge):
		return &Problem{Status: http.StatusRequestEntityTooLarge,
			Detail: fmt.Sprintf("The request may have %d bytes at most.", tooLarge.Limit)}
	}
	switch end := r.Context().Err(); {
	case errors.Is(end, context.Canceled):
		return &Problem{Status: statusClientClosed, Title: "Client Closed Request"}
	case end != nil: // the time for the request is over, and its client waits for an answer
		return &Problem{Status: http.StatusServiceUnavailable, Title: "This takes too long",
			Detail: "This could not be done in time. Look whether it was done before you try again."}
	}
	return &Problem{Status: http.StatusInternalServerError, Title: "Something went wrong",
		Detail: "The error is ours and has been noted. Please try again in a moment."}
}

// requestID returns the id that the server gave to the request, or a random
// one.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); id != "" && len(id) <= 128 {
		return id
	}
	return rand.Text()
}
