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

// Problem is an error with the content of its response (RFC 9457).
type Problem struct {
	Status int            // a 4xx or 5xx status
	Title  string         // the kind of problem; empty: the text of the status
	Detail string         // the problem and its remedy, in a sentence for a person
	Extra  map[string]any // further members of the JSON
	Err    error          // the cause; never shown

	// While is a CSS selector. The problem holds while the page has an element that it
	// selects (see NoticeWhile). Default: the problem has no condition.
	While string
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

// heading returns the kind of problem in plain words, because the texts of statuses are
// terms of a protocol.
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

// statusClientClosed is the status of a response to a client that has closed its
// connection. The response is usually not read.
const statusClientClosed = 499

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
	// An ended context would stop the rendering.
	r = r.WithContext(context.WithoutCancel(r.Context()))
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
	_ = a.write(w, r, "application/problem+json", append(body, '\n')) // a has no groups
}

func (p *Problem) notice(id string) templ.Component {
	if p.While == "" {
		return Notice(p.words(id))
	}
	return NoticeWhile(p.words(id), p.While)
}

// Explain returns the section of HTML that Error would write for a person, as content of
// a page. The error is logged as by Error.
func Explain(r *http.Request, err error) []byte {
	p, id := explain(r, err)
	var body bytes.Buffer
	// An ended context would stop the rendering.
	ctx := context.WithoutCancel(r.Context())
	_ = problemView(p.heading(), p.Detail, id, Back(r, "/")).Render(ctx, &body) // into memory
	return body.Bytes()
}

// explain returns the problem for an error. A 5xx is logged, and id is the id in the log.
func explain(r *http.Request, err error) (p *Problem, id string) {
	p = problemOf(r, err)
	if p.Status >= 500 {
		id = requestID(r)
		slog.ErrorContext(r.Context(), "request failed",
			"id", id, "method", r.Method, "path", r.URL.Path, "status", p.Status, "err", err)
	}
	return p, id
}

// retryAfter is the time before a new attempt after a 503, in seconds.
const retryAfter = "5"

// SetRetryAfter sets Retry-After in the header of a response with status 503 (RFC 9110
// §15.6.4), unless the header has it already.
func SetRetryAfter(h http.Header, status int) {
	if status == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", retryAfter)
	}
}

// words returns the problem in a single line.
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

// members returns the JSON object of the problem. Extra cannot replace these members:
//
//   - type, title and status of RFC 9457;
//   - detail, unless Detail is empty;
//   - id, unless it is empty.
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

// statusError is an error of an application with the content of its response. A method
// Title() string, for Problem.Title, is optional.
type statusError interface {
	error
	HTTPStatus() int // a 4xx or 5xx status
	Detail() string  // for a person, as Problem.Detail; may be empty
}

// problemOf returns the problem for an error.
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
	case end != nil: // the deadline has passed, and the client waits for a response
		return &Problem{Status: http.StatusServiceUnavailable, Title: "This takes too long",
			Detail: "This could not be done in time. Look whether it was done before you try again."}
	}
	return &Problem{Status: http.StatusInternalServerError, Title: "Something went wrong",
		Detail: "The error is ours and has been noted. Please try again in a moment."}
}

// requestID returns the id of the request from the server, in X-Request-Id, or a random
// id if the header is absent or has more than 128 bytes.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); id != "" && len(id) <= 128 {
		return id
	}
	return rand.Text()
}
