package fragments

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/a-h/templ"
)

// InBackground reports whether a request was sent by a script: htmx, or the script of
// package static. The script puts the response into its page. Swap, Redirect and SeeOther
// write responses to such requests.
func InBackground(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// Swap responds to a request in the background with elements. An element replaces the
// element of the page with its id. A component renders a single element. An element that
// already has hx-swap-oob keeps the attribute.
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

// SwapError responds to a request in the background with an error of a fragment, in any
// language. The body is HTML for the person and becomes a notice in the page. HTML that
// already has hx-swap-oob is sent unchanged.
func SwapError(w http.ResponseWriter, r *http.Request, status int, body []byte) error {
	a := Answer{Status: status, CacheControl: "no-store", Vary: []string{"Accept"}}
	if bytes.Contains(body, []byte("hx-swap-oob")) {
		return a.write(w, r, "text/html; charset=utf-8", body)
	}
	return Swap(w, r, a, noticeHTML(templ.Raw(string(body))))
}

// cutTag cuts an element before the end of its first tag. In templ, attributes have no
// bare >.
func cutTag(element []byte) (tag, rest []byte, err error) {
	end := bytes.IndexByte(element, '>')
	if end < 0 || element[0] != '<' {
		return nil, nil, fmt.Errorf("swap: %.40q does not begin with an element", element)
	}
	return element[:end], element[end:], nil
}
