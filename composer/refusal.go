package composer

import (
	"context"
	"fmt"
	"net/http"

	"selvedge/composer/internal/header"
)

// RefusedError is a fragment's error answer to a request that depends on it: a
// 4xx to the page whose primary include it is, or to a form an answer that was
// written for the person at the browser.
type RefusedError struct {
	Reference string
	Status    int // 400 to 499; to a form also 500 to 599
	// Body is HTML, in UTF-8, that the fragment wrote for the person at the browser, nil
	// if it did not say so with Selvedge-Error: show.
	Body []byte
	// Header has the Allow, Retry-After and WWW-Authenticate of the answer, nil if
	// it had none. Nobody may change it.
	Header http.Header
}

// explanations are the fields without which a refusal says too little: what is
// answered (RFC 9110 §10.2.1), when (§10.2.3), and to whom (§11.6.1).
var explanations = []string{"Allow", "Retry-After", "Www-Authenticate"}

// newRefusal returns the error for an answer with this status and header.
func newRefusal(reference string, status int, h http.Header) *RefusedError {
	e := &RefusedError{Reference: reference, Status: status}
	for _, name := range explanations {
		if values := h[name]; len(values) > 0 {
			if e.Header == nil {
				e.Header = make(http.Header)
			}
			e.Header[name] = values
		}
	}
	return e
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s refused with %d", e.Reference, e.Status)
}

// refusal returns the error for a 4xx answer, and nil for any other.
func refusal(reference string, answer *response) *RefusedError {
	if answer.status < 400 || answer.status >= 500 {
		return nil
	}
	h := answer.header.Header()
	e := newRefusal(reference, answer.status, h)
	if isShown(h) {
		if readable, err := answer.in(context.Background(), header.DefaultCharset); err == nil { // it is whole
			e.Body = readable.body
		}
	}
	return e
}

func refusalOrError(reference string, answer *response) error {
	if e := refusal(reference, answer); e != nil {
		return e
	}
	return &FetchError{Reference: reference, Status: answer.status}
}

// isShown reports whether an error answer may stand in a page: the rule is
// that it may not.
func isShown(h http.Header) bool {
	mediaType, _ := header.ParseContentType(header.ContentType(h))
	return h.Get(header.SelvedgeError) == "show" && mediaType == "text/html"
}
