package fragments

import (
	"cmp"
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"
)

// Head is what the head of a page says of the page to browsers, search engines
// and those who share its address. A shell includes it from the fragment that
// knows it.
type Head struct {
	Title       string
	Description string // in a sentence or two; empty: none is given
	Site        string // og:site_name
	Path        string // the canonical address of the page (RFC 6596), as a path and query; empty: none is given
	Kind        string // og:type; empty: website
	Picture     string // path of a picture of the page; empty: none
	Hidden      bool   // search engines are asked not to list the page
	Data        any    // a description in the words of schema.org, sent as JSON-LD; nil: none
}

// WriteHead answers with the elements of a head. Addresses that leave the page are
// absolute, and begin with the [Origin] of the request.
func WriteHead(w http.ResponseWriter, r *http.Request, h Head, a Answer) error {
	h.Kind = cmp.Or(h.Kind, "website")
	data, err := linkedData(h.Data)
	if err != nil {
		return err
	}
	return HTML(w, r, headView(h, Origin(r), data), a)
}

// linkedData returns a script with JSON-LD. The encoder escapes <, > and &, so that
// no text of the data ends the element.
func linkedData(data any) (templ.Component, error) {
	if data == nil {
		return templ.NopComponent, nil
	}
	text, err := json.Marshal(data)
	return templ.Raw(`<script type="application/ld+json">` + string(text) + `</script>`), err
}

// Origin returns the scheme and host under which a visitor knows the site, such as
// https://shop.example: that which the composer names (X-Forwarded-Proto and
// X-Forwarded-Host), or that of the request. The composer keeps one answer for each
// origin. Without a list of hosts, the Host field can be anything that has the form
// of a name (Host header injection), so it must not decide who is trusted.
func Origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return cmp.Or(r.Header.Get("X-Forwarded-Proto"), scheme) + "://" + cmp.Or(r.Header.Get("X-Forwarded-Host"), r.Host)
}
