package fragments

import (
	"net/http"

	"selvedge/fragments/problem"
)

// Problem is an error with the content of its response (RFC 9457).
type Problem = problem.Problem

// MaxBody is the limit of the body of a request, in bytes.
const MaxBody = problem.MaxBody

// Decode reads the body of a request, JSON or a form, into the struct at dst. The error is
// a *Problem (see [problem.Decode]).
func Decode(w http.ResponseWriter, r *http.Request, dst any) error { return problem.Decode(w, r, dst) }

// Unmarshal reads a JSON object from another source than a request body, such as a
// message, as strictly as Decode.
func Unmarshal(object []byte, dst any) error { return problem.Unmarshal(object, dst) }

// SetRetryAfter sets Retry-After in the header of a response with status 503 (RFC 9110
// §15.6.4), unless the header has it already.
func SetRetryAfter(h http.Header, status int) { problem.SetRetryAfter(h, status) }
