package fragments

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/dunglas/httpsfv"

	"selvedge/fragments/problem"
)

// Answer is the status and the header of a response. The zero value is a 200 for a single
// visitor, to be revalidated at every use. Shared and Private return the two kinds of
// answers, and the other fields of both can be set.
type Answer struct {
	Status       int      // 0: 200 OK
	Groups       []string // the data of the response: Cache-Groups
	Changed      []string // the data changed by a write: Cache-Group-Invalidation
	CacheControl string   // empty: "private, no-cache"
	Vary         []string // the request headers on which the response depends
	ETag         string   // with its quotes; empty: made from the body of a read
	Template     bool     // the body contains ESI for a composer
	Location     string   // of the new resource of a 201, or of the next page of a 303

	// Revision of JSON grows with every change, as data-revision of HTML does. 0: none.
	Revision int64

	// Epoch of Revision, as data-epoch of HTML. Revisions of two epochs are not compared.
	Epoch string
}

// Shared returns the answer for content that is equal for all visitors, made from the
// data of the groups. The response is rendered once for all visitors. A shared cache
// keeps it until a group changes, for a minute at most. A browser revalidates it at each
// use, because no invalidation reaches a browser.
//
// The response must not depend on the session, because a shared cache would send the data
// of a visitor to other visitors.
func Shared(groups ...string) Answer {
	return Answer{Groups: groups, CacheControl: "public, max-age=0, s-maxage=60"}
}

// Private returns the answer for content of a single visitor, made from the data of the
// groups. The response is rendered for each session. No shared cache keeps it, and a
// browser revalidates it at each use.
func Private(groups ...string) Answer {
	return Answer{Groups: groups, CacheControl: private, Vary: []string{"Cookie"}}
}

const private = "private, no-cache"

// HTML responds with a rendered component. Nothing is written if rendering fails.
func HTML(w http.ResponseWriter, r *http.Request, c templ.Component, a Answer) error {
	var body bytes.Buffer
	if err := c.Render(r.Context(), &body); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return a.writeHTML(w, r, body.Bytes())
}

// Text responds with a line of text as HTML, for a place without elements, such as a
// title.
func Text(w http.ResponseWriter, r *http.Request, s string, a Answer) error {
	return a.writeHTML(w, r, []byte(html.EscapeString(s)))
}

// JSON responds with v in JSON. Nothing is written if encoding fails.
func JSON(w http.ResponseWriter, r *http.Request, v any, a Answer) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return a.write(w, r, "application/json", append(body, '\n'))
}

// Bytes responds with a body of any content type.
func Bytes(w http.ResponseWriter, r *http.Request, contentType string, body []byte, a Answer) error {
	return a.write(w, r, contentType, body)
}

// SeeOther redirects to the page of the form, as Back returns it.
func SeeOther(w http.ResponseWriter, r *http.Request, fallback string, a Answer) error {
	a.Location = Back(r, fallback)
	return Redirect(w, r, a)
}

// Redirect redirects to a.Location:
//
//   - a browser, with the status 303 See Other;
//   - a script with a request in the background, with the header HX-Redirect and the
//     status 204 No Content.
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

// Back returns the path and query of the page of a request, from the Referer (see
// [problem.Back]). It returns fallback, a path, also for a path below /api/, because a
// REST route is not a page.
func Back(r *http.Request, fallback string) string {
	if back := problem.Back(r, fallback); !strings.HasPrefix(back, "/api/") {
		return back
	}
	return fallback
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

// write sends the body, or 304 Not Modified to a client whose If-None-Match has its ETag
// (RFC 9110 §13.1.2).
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
