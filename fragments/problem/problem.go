package problem

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// Problem is an error with the content of its response (RFC 9457).
type Problem struct {
	Status int            // a 4xx or 5xx status
	Title  string         // the kind of problem; empty: the text of the status
	Detail string         // the problem and its remedy, in a sentence for a person
	Extra  map[string]any // further members of the JSON
	Err    error          // the cause, for the log; never shown

	// While is a CSS selector. The problem holds while the page has an element that it
	// selects (see NoticeWhile of package fragments). Default: the problem has no
	// condition.
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

// Heading returns the kind of problem in plain words, because the texts of statuses are
// terms of a protocol.
func (p *Problem) Heading() string {
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

// ContentType is the media type of JSON.
const ContentType = "application/problem+json"

// JSON returns the problem as a JSON object and a newline, for a program. The id is that
// of the problem in the log; empty: none. Extra cannot replace these members:
//
//   - type, title and status of RFC 9457;
//   - detail, unless Detail is empty;
//   - id, unless it is empty.
//
// If Extra has a value that JSON cannot represent, Extra is omitted.
func (p *Problem) JSON(id string) []byte {
	body, err := json.Marshal(p.members(id, p.Extra))
	if err != nil {
		body, _ = json.Marshal(p.members(id, nil)) // strings and a number: no error
	}
	return append(body, '\n')
}

func (p *Problem) members(id string, extra map[string]any) map[string]any {
	m := map[string]any{}
	maps.Copy(m, extra)
	m["type"], m["title"], m["status"] = "about:blank", p.title(), p.Status
	if p.Detail != "" {
		m["detail"] = p.Detail
	}
	if id != "" {
		m["id"] = id
	}
	return m
}

// Section returns the problem as a section of HTML, for a person. The id is that of the
// problem in the log; empty: none. The section has a link to the path back, which [Back]
// returns.
func (p *Problem) Section(id, back string) []byte {
	var body bytes.Buffer
	_ = section(p.Heading(), p.Detail, id, back).Render(context.Background(), &body) // into memory: no error
	return body.Bytes()
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

// RequestID returns the id for a problem in the log: the field X-Request-Id of the request,
// or a random id if the field is absent or has more than 128 bytes.
func RequestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); id != "" && len(id) <= 128 {
		return id
	}
	return rand.Text()
}

// Back returns the path and query of the page of a request, from the Referer, or else
// fallback, a path (see [LocalPath]).
func Back(r *http.Request, fallback string) string {
	return cmp.Or(LocalPath(r.Referer()), fallback)
}

// LocalPath returns the escaped path and query of a URL. The host is ignored, so no visitor
// is sent to another site (an open redirect). The path is empty in these cases:
//
//   - the URL is malformed, or has no absolute path;
//   - the path begins with //.
func LocalPath(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	path := u.EscapedPath()
	switch {
	case !strings.HasPrefix(path, "/"), strings.HasPrefix(path, "//"):
		return ""
	case u.RawQuery != "":
		return path + "?" + u.RawQuery
	}
	return path
}
