package composer

import (
	"context"
	"fmt"
	"mime"
	"net/http"
)

// RefusedError is a fragment's 4xx to a request that depends on it: the page
// whose primary include it is, or a form.
type RefusedError struct {
	Reference string
	Status    int // 400 to 499
	// Body is HTML, in UTF-8, that the fragment wrote for the person at the browser, nil
	// if it did not say so with Selvedge-Error: show.
	Body []byte
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s refused with %d", e.Reference, e.Status)
}

// refusal returns the error for a 4xx answer, and nil for any other.
func refusal(reference string, answer *response) *RefusedError {
	if answer.status < 400 || answer.status >= 500 {
		return nil
	}
	e := &RefusedError{Reference: reference, Status: answer.status}
	if isShown(answer.header.http()) {
		if readable, err := answer.in(context.Background(), defaultCharset); err == nil { // it is whole
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
	mediaType, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return h.Get(errorHeader) == "show" && mediaType == "text/html"
}
