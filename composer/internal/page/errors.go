package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
)

var (
	errPageTooLarge = errors.New("the page is too large")
	errTooDeep      = errors.New("includes are nested too deeply")
	errTooMany      = errors.New("the page has too many includes")

	// errOutdated reports that each available response is older than the requested time.
	errOutdated = errors.New("only an answer from before is to be had")
)

// failureReason returns a short name for the reason of a failed include.
func failureReason(err error) string {
	if errors.Is(err, errPageTooLarge) || errors.Is(err, errTooDeep) || errors.Is(err, errTooMany) {
		return "limit"
	}
	return fetch.Reason(err)
}

// RefusedError is a fragment's error response to a request that depends on the fragment.
// The response is
//
//   - a 4xx for the primary include of a page, or
//   - a response to a form, written for the person at the browser.
type RefusedError struct {
	Reference string
	Status    int // 400 to 499; to a form also 500 to 599

	// Body is HTML in UTF-8 for the person at the browser, if the response has
	// Selvedge-Error: show. Otherwise Body is nil.
	Body []byte

	// Header has the fields Allow, Retry-After and WWW-Authenticate of the response, or
	// is nil. It must not be changed.
	Header http.Header
}

// Error returns the reference and the status.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s refused with %d", e.Reference, e.Status)
}

// explanations are the fields needed with a refusal: the allowed methods (RFC 9110
// §10.2.1), the time to try again (§10.2.3), and the authentication (§11.6.1).
var explanations = []string{"Allow", "Retry-After", "Www-Authenticate"}

// NewRefusedError returns the error for a response with a status and header.
func NewRefusedError(reference string, status int, h http.Header) *RefusedError {
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

// refusedBy returns the error for a complete 4xx response, and nil for any other
// response.
func refusedBy(reference string, response *cache.Response) *RefusedError {
	if response.Status < 400 || response.Status >= 500 {
		return nil
	}
	h := response.Header.Header()
	e := NewRefusedError(reference, response.Status, h)
	if IsShown(h) {
		if readable, err := document.InCharset(context.Background(), response, header.DefaultCharset); err == nil {
			e.Body = readable.Body
		}
	}
	return e
}

func refusedOrFailed(reference string, response *cache.Response) error {
	if e := refusedBy(reference, response); e != nil {
		return e
	}
	return &fetch.Error{Reference: reference, Status: response.Status}
}

// IsShown reports whether an error response may be shown in a page. By default it may
// not.
func IsShown(h http.Header) bool {
	mediaType, _ := header.ParseContentType(header.ContentType(h))
	return h.Get(header.SelvedgeError) == "show" && mediaType == "text/html"
}
