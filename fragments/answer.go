package fragments

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/dunglas/httpsfv"
)

// Answer is what the headers of an answer say. The zero value is a 200 that is one
// visitor's and that every use must revalidate; Shared and Private name the two
// kinds, whose other fields can be set.
type Answer struct {
	Status       int      // 0: 200 OK
	Groups       []string // the data that was read: Cache-Groups
	Changed      []string // the data that was written: Cache-Group-Invalidation
	CacheControl string   // empty: "private, no-cache"
	Vary         []string // the request headers that the answer depends on
	ETag         string   // with its quotes; empty: that of a read is made from the body
	Template     bool     // the body contains ESI and is to be processed
	Location     string   // of what was made, for a 201, or where to go, for a 303
	Revision     int64    // of JSON, as data-revision is of HTML: grows with every change; 0: none
	Epoch        string   // of Revision, as data-epoch is of HTML: revisions of two epochs are not compared
}

// Shared returns the headers of what is the same for everybody, made from the data
// of some groups. It is rendered once, however many visitors see it: a shared cache
// keeps it until one of the groups changes, for a minute at most, and a browser,
// which no invalidation reaches, asks again each time. It must not depend on the
// session, or one visitor is shown what is another's.
func Shared(groups ...string) Answer {
	return Answer{Groups: groups, CacheControl: "public, max-age=0, s-maxage=60"}
}

// SessionCookie is the name of the cookie whose value is the visitor's session.
const SessionCookie = "session"

// Private returns the headers of what belongs to one visitor, made from the data of
// some groups. It is rendered for each session, and kept for none.
func Private(groups ...string) Answer {
	return Answer{Groups: groups, CacheControl: private, Vary: []string{"Cookie"}}
}

const private = "private, no-cache"

// HTML renders a component. Nothing is written if that fails.
func HTML(w http.ResponseWriter, r *http.Request, c templ.Component, a Answer) error {
	var body bytes.Buffer
	if err := c.Render(r.Context(), &body); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return a.writeHTML(w, r, body.Bytes())
}

// Text answers with one line of text as HTML, for a place that takes no
// elements, such as a title.
func Text(w http.ResponseWriter, r *http.Request, s string, a Answer) error {
	return a.writeHTML(w, r, []byte(html.EscapeString(s)))
}

// JSON answers with the JSON of v.
func JSON(w http.ResponseWriter, r *http.Request, v any, a Answer) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return a.write(w, r, "application/json", append(body, '\n'))
}

// Bytes answers with a body of another type.
func Bytes(w http.ResponseWriter, r *http.Request, contentType string, body []byte, a Answer) error {
	return a.write(w, r, contentType, body)
}

// SeeOther sends a browser back to the page that a form was sent from, as Back
// has it.
func SeeOther(w http.ResponseWriter, r *http.Request, fallback string, a Answer) error {
	a.Location = Back(r, fallback)
	return Redirect(w, r, a)
}

// Redirect sends a browser to a.Location with 303 See Other, and a script that
// sent the request in the background with the header HX-Redirect.
func Redirect(w http.ResponseWriter, r *http.Request, a Answer) error {
	a.Status = http.StatusSeeOther
	if InBackground(r) {
		w.Header().Set("HX-Redirect", a.Location)
		a.Status, a.Location = http.StatusNoContent, ""
	}
	if err := a.setHeaders(w.Header()); err != nil {
		return err
	}
	w.WriteHeader(a.Status)
	return nil
}

// Back returns the page that a request came from, and fallback, a path, if the
// Referer does not name a page of this site. A REST route is no page. Only the
// Referer's path and query count, so that no one can be sent to another site
// (an open redirect).
func Back(r *http.Request, fallback string) string {
	u, err := url.Parse(r.Referer())
	if err != nil {
		return fallback
	}
	back := u.EscapedPath()
	switch {
	case !strings.HasPrefix(back, "/"), strings.HasPrefix(back, "//"):
		return fallback
	case strings.HasPrefix(back, "/api/"):
		return fallback
	case u.RawQuery != "":
		return back + "?" + u.RawQuery
	}
	return back
}

func (a Answer) writeHTML(w http.ResponseWriter, r *http.Request, body []byte) error {
	if link := links(r); link != "" {
		w.Header().Set("Link", link)
	}
	if a.Status >= 400 && a.Status < 500 || a.Status == http.StatusServiceUnavailable {
		w.Header().Set("Selvedge-Error", "show")
	}
	return a.write(w, r, "text/html; charset=utf-8", body)
}

// write sends the body, or 304 Not Modified to who has it (RFC 9110 §13.1.2).
func (a Answer) write(w http.ResponseWriter, r *http.Request, contentType string, body []byte) error {
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	isRead := a.Status == http.StatusOK && (r.Method == http.MethodGet || r.Method == http.MethodHead)
	if a.ETag == "" && isRead {
		a.ETag = etagOf(body)
	}
	if err := a.setHeaders(w.Header()); err != nil {
		return err
	}
	if isRead && matchesETag(r.Header.Values("If-None-Match"), a.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // fails only if the client is gone
	}
	return nil
}

func (a Answer) setHeaders(h http.Header) error {
	if err := setStrings(h, "Cache-Groups", a.Groups); err != nil {
		return err
	}
	if err := setStrings(h, "Cache-Group-Invalidation", a.Changed); err != nil {
		return err
	}
	if a.CacheControl == "" {
		a.CacheControl = private
	}
	h.Set("Cache-Control", a.CacheControl)
	if len(a.Vary) > 0 {
		h.Set("Vary", strings.Join(a.Vary, ", "))
	}
	if a.ETag != "" {
		h.Set("ETag", a.ETag)
	}
	if a.Location != "" {
		h.Set("Location", a.Location)
	}
	if a.Template {
		h.Set("Surrogate-Control", `content="ESI/1.0"`)
	}
	if a.Revision != 0 {
		h.Set("Selvedge-Revision", strconv.FormatInt(a.Revision, 10))
		if a.Epoch != "" {
			h.Set("Selvedge-Epoch", a.Epoch)
		}
	}
	return nil
}

// setStrings sets a header to a list of strings (RFC 9651 §3.1).
func setStrings(h http.Header, name string, values []string) error {
	if len(values) == 0 {
		return nil
	}
	list := make(httpsfv.List, len(values))
	for i, value := range values {
		list[i] = httpsfv.NewItem(value)
	}
	text, err := httpsfv.Marshal(list)
	if err != nil {
		return fmt.Errorf("header %s: %w", name, err)
	}
	h.Set(name, text)
	return nil
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}
