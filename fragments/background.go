package fragments

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"

	"github.com/a-h/templ"
)

// InBackground reports whether a request was sent by a script, htmx or the one
// of package static, that puts the answer into the page it was sent from. Such
// a request is answered by Swap, Redirect or SeeOther.
func InBackground(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// PagePath returns the path of the page that a request in the background was
// sent from, and "" if it does not say.
func PagePath(r *http.Request) string {
	u, err := url.Parse(r.Header.Get("HX-Current-URL"))
	if err != nil {
		return ""
	}
	return u.Path
}

// Swap answers a request in the background with elements, each of which takes
// the place of the element of the page that has its id. A component renders
// one element; what says hx-swap-oob itself is swapped as it says.
func Swap(w http.ResponseWriter, r *http.Request, a Answer, elements ...templ.Component) error {
	var all bytes.Buffer
	for _, element := range elements {
		var body bytes.Buffer
		if err := element.Render(r.Context(), &body); err != nil {
			return fmt.Errorf("render: %w", err)
		}
		tag, rest, err := cutTag(body.Bytes())
		if err != nil {
			return err
		}
		all.Write(tag)
		if !bytes.Contains(tag, []byte(" hx-swap-oob=")) {
			all.WriteString(` hx-swap-oob="true"`)
		}
		all.Write(rest)
	}
	return a.write(w, r, "text/html; charset=utf-8", all.Bytes())
}

// SwapError answers a request in the background with an error that a fragment,
// of any language, has written as HTML for the person: as a notice of the page.
// HTML that says hx-swap-oob is swapped as it says.
func SwapError(w http.ResponseWriter, r *http.Request, status int, body []byte) error {
	a := Answer{Status: status, CacheControl: "no-store", Vary: []string{"Accept"}}
	if bytes.Contains(body, []byte("hx-swap-oob")) {
		return a.write(w, r, "text/html; charset=utf-8", body)
	}
	return Swap(w, r, a, noticeHTML(templ.Raw(string(body))))
}

// cutTag cuts an element before the end of its first tag. Attributes that are
// rendered by templ have no bare >.
func cutTag(element []byte) (tag, rest []byte, err error) {
	end := bytes.IndexByte(element, '>')
	if end < 0 || element[0] != '<' {
		return nil, nil, fmt.Errorf("swap: %.40q does not begin with an element", element)
	}
	return element[:end], element[end:], nil
}
