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

	"selvedge/store"
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
// HTML for who prefers that, or as a Notice if the request was sent in the
// background. The errors of package store have the status that
// fits them, a *Problem its own, and every other error is a 500. A 5xx answer
// shows the id of the request, with which the error is logged, and not the
// error. A 503 says in Retry-After when to try again. When the client of the
// request is gone, nothing is logged; when the time for it is over, the error is
// a 503.
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

// Detail returns the sentence by which Error would say to a person what is wrong
// and what to do.
func Detail(r *http.Request, err error) string { return problemOf(r, err).Detail }

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

// problemOf returns the problem that an error is to a client.
func problemOf(r *http.Request, err error) *Problem {
	var problem *Problem
	var short *store.ShortError
	var scarce *store.ScarceError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &short):
		return shortProblem(short)
	case errors.As(err, &scarce):
		return scarceProblem(scarce)
	case errors.As(err, &tooLarge):
		return &Problem{Status: http.StatusRequestEntityTooLarge,
			Detail: fmt.Sprintf("The request may have %d bytes at most.", tooLarge.Limit)}
	}
	if errors.Is(err, store.ErrKeyReused) && PrefersHTML(r) {
		return &Problem{Status: http.StatusConflict, Title: "Done already", Err: err,
			Detail: "This form was sent before, and what it was sent with then was done. Please load the page again to see it."}
	}
	for _, known := range storeProblems {
		if errors.Is(err, known.err) {
			return &known.problem
		}
	}
	switch end := r.Context().Err(); {
	case errors.Is(end, context.Canceled):
		return &Problem{Status: statusClientClosed, Title: "Client Closed Request"}
	case end != nil: // the time for the request is over, and its client waits for an answer
		return &Problem{Status: http.StatusServiceUnavailable, Title: "This takes too long",
			Detail: "The shop could not do this in time. Look whether it was done before you try again."}
	}
	return &Problem{Status: http.StatusInternalServerError, Title: "Something went wrong",
		Detail: "The error is ours and has been noted. Please try again in a moment."}
}

var storeProblems = []struct {
	err     error
	problem Problem
}{
	{store.ErrNotFound, Problem{Status: http.StatusNotFound, Title: "Not found",
		Detail: "It does not exist, or it is not yours to see."}},
	{store.ErrQuantity, Problem{Status: http.StatusUnprocessableEntity, Title: "Quantity not possible",
		Detail: fmt.Sprintf("A cart takes between 1 and %d pieces of a product.", store.MaxQuantity)}},
	{store.ErrStock, Problem{Status: http.StatusUnprocessableEntity, Title: "Stock not possible",
		Detail: "A stock is between 0 and 1,000,000 pieces."}},
	{store.ErrEmpty, Problem{Status: http.StatusConflict, Title: "Your cart is empty",
		Detail: "There is nothing in it to order."}},
	{store.ErrChanged, Problem{Status: http.StatusConflict, Title: "Your cart has changed",
		Detail: "It is no longer the cart that you saw. Please look at it again and confirm the order."}},
	{store.ErrKeyReused, Problem{Status: http.StatusUnprocessableEntity, Title: "Idempotency key reused",
		Detail: "This key was used for another request. Load the page again, or choose another key."}},
	{store.ErrBusy, Problem{Status: http.StatusServiceUnavailable, Title: "Too busy",
		Detail: "The shop has more to write than it can right now. Nothing was changed; please try again in a moment."}},
}

// shortLine is, in the JSON of a problem, a product of which there is not enough.
type shortLine struct {
	ProductID int64  `json:"productId"`
	Name      string `json:"name"`
	Wanted    int    `json:"wanted"`
	Left      int    `json:"left"`
}

// shortProblem lists the lines that want more than there is.
func shortProblem(err *store.ShortError) *Problem {
	lines := make([]shortLine, len(err.Lines))
	detail := ""
	for i, l := range err.Lines {
		lines[i] = shortLine{l.Product.ID, l.Product.Name, l.Quantity, l.Product.Stock}
		if l.Product.Stock == 0 {
			detail += l.Product.Name + " is sold out. "
		} else {
			detail += fmt.Sprintf("Only %d of %s left. ", l.Product.Stock, l.Product.Name)
		}
	}
	return &Problem{Status: http.StatusConflict, Title: "Not enough in stock",
		Detail: detail + "Nothing was ordered.", Extra: map[string]any{"short": lines}}
}

// scarceProblem says how many pieces of a product a cart can have.
func scarceProblem(err *store.ScarceError) *Problem {
	p := err.Product
	detail := p.Name + " is sold out"
	if p.Stock > 0 {
		detail = fmt.Sprintf("%s: Only %d left", p.Name, p.Stock)
	}
	switch {
	case err.InCart == 1:
		detail += "; 1 is in your cart"
	case err.InCart > 1:
		detail += fmt.Sprintf("; %d are in your cart", err.InCart)
	}
	return &Problem{Status: http.StatusConflict, Title: "Not enough in stock", Detail: detail + ".", Err: err,
		While: fmt.Sprintf(`#stock-%d[data-revision="%d"]`, p.ID, p.Revision),
		Extra: map[string]any{
			"short":    []shortLine{{p.ID, p.Name, err.Wanted, p.Stock}},
			"inCart":   err.InCart,
			"possible": err.Possible(),
		}}
}

// requestID returns the id that the server gave to the request, or a random
// one.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); id != "" && len(id) <= 128 {
		return id
	}
	return rand.Text()
}
