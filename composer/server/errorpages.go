package server

import (
	"cmp"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"strconv"

	"selvedge/composer"
	"selvedge/fragments/problem"
)

// ErrorPages answers failed requests: by a small HTML page for a person, and by problem
// JSON for a program (RFC 9457). Its method Error is for [composer.Options.Error], and for
// the errors of all handlers of this package. The zero value works.
//
// A response with a status of 5xx shows an id instead of the error, because the text of an
// error may name hosts and files. The log has the id beside the error. The id is the
// field X-Request-Id of the request, or else random.
type ErrorPages struct {
	// PrefersHTML reports whether a request is a person's. Default: the field Accept
	// gives text/html a higher weight than application/json.
	PrefersHTML func(*http.Request) bool

	// Page writes a page around a section of HTML. Default: WritePage.
	Page func(w http.ResponseWriter, r *http.Request, status int, section []byte)

	// Logger logs the errors with a status of 5xx. Default: slog.Default().
	Logger *slog.Logger
}

// Error answers a request by the problem of an error (see [ProblemOf]). A fragment's own
// words for a person (see [composer.RefusedError]) stand on a page.
func (e ErrorPages) Error(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Add("Vary", "Accept")
	w.Header().Set("Cache-Control", "no-store")
	forPerson := e.PrefersHTML
	if forPerson == nil {
		forPerson = prefersHTML
	}
	var refused *composer.RefusedError
	if errors.As(err, &refused) && refused.Body != nil && forPerson(r) {
		e.writePage(w, r, refused.Status, refused.Body)
		return
	}
	p := ProblemOf(err)
	id := e.log(r, p)
	problem.SetRetryAfter(w.Header(), p.Status)
	if forPerson(r) {
		e.writePage(w, r, p.Status, p.Section(id, problem.Back(r, "/")))
		return
	}
	body := p.JSON(id)
	w.Header().Set("Content-Type", problem.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.Status)
	_, _ = w.Write(body)
}

// prefersHTML is the default of ErrorPages.PrefersHTML.
func prefersHTML(r *http.Request) bool {
	html, json := problem.AcceptWeights(r)
	return html > json
}

// log logs a problem of the server, and returns its id.
func (e ErrorPages) log(r *http.Request, p *Problem) (id string) {
	if p.Status < 500 {
		return ""
	}
	id = problem.RequestID(r)
	cmp.Or(e.Logger, slog.Default()).ErrorContext(r.Context(), "request failed",
		"id", id, "method", r.Method, "path", r.URL.Path, "status", p.Status, "err", p)
	return id
}

func (e ErrorPages) writePage(w http.ResponseWriter, r *http.Request, status int, section []byte) {
	if e.Page != nil {
		e.Page(w, r, status, section)
		return
	}
	WritePage(w, status, section)
}

// WritePage writes a page of its own around a section of HTML. The page needs no further
// file, so that it is readable when all other servers fail.
func WritePage(w http.ResponseWriter, status int, section []byte) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	problem.SetRetryAfter(h, status)
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, pageHead, html.EscapeString(http.StatusText(status)))
	_, _ = w.Write(section)
	_, _ = fmt.Fprint(w, `</main></body></html>`)
}

// pageHead begins a page of WritePage. A Content-Security-Policy without inline styles
// leaves a plain page.
const pageHead = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">` +
	`<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>%s</title>` +
	`<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1.25rem}h1{font-size:1.6rem}.muted{opacity:.75}</style>` +
	`</head><body><main>`
