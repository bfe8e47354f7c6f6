package fragments

import (
	"cmp"
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"
)

// Head describes a page to browsers, search engines and readers of a shared link, in the
// head element. A page includes its head from the fragment with the data of the page.
type Head struct {
	Title       string
	Description string // a sentence or two; empty: none
	Site        string // og:site_name

	// Path is the canonical address of the page (RFC 6596), as a path and query.
	// Default: none.
	Path string

	Kind    string // og:type; empty: website
	Picture string // the path of a picture of the page; empty: none
	Hidden  bool   // asks search engines not to list the page

	// Data is a description with the vocabulary of schema.org, sent as JSON-LD.
	// Default: none.
	Data any
}

// WriteHead responds with the elements of a head. The addresses are absolute, with the
// [Origin] of the request, because they are used outside of the page.
func WriteHead(w http.ResponseWriter, r *http.Request, h Head, a Answer) error {
	h.Kind = cmp.Or(h.Kind, "website")
	data, err := linkedData(h.Data)
	if err != nil {
		return err
	}
	return HTML(w, r, headView(h, Origin(r), data), a)
}

// linkedData returns a script element with JSON-LD. The encoder escapes <, > and &, so no
// text of the data ends the element.
func linkedData(data any) (templ.Component, error) {
	if data == nil {
		return templ.NopComponent, nil
	}
	text, err := json.Marshal(data)
	return templ.Raw(`<script type="application/ld+json">` + string(text) + `</script>`), err
}

// Origin returns the public scheme and host of the site, such as https://shop.example.
// The composer sends them in X-Forwarded-Proto and X-Forwarded-Host. Without a composer,
// they are the scheme and host of the request. The composer keeps a response for each
// origin.
//
// Without a list of hosts, the Host field can be any well-formed name (Host header
// injection), so decisions about trust must not depend on the origin.
func Origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return cmp.Or(r.Header.Get("X-Forwarded-Proto"), scheme) + "://" + cmp.Or(r.Header.Get("X-Forwarded-Host"), r.Host)
}
