package document

import (
	"bytes"
	"fmt"

	"github.com/PuerkitoBio/goquery"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
)

// Element returns a response with the element of an id, for an include with a fragment in
// its address: src="…#id". The element is neither read as ESI nor in a group, because
// both are properties of the whole response.
func Element(r *cache.Response, id string) (*cache.Response, error) {
	d := Of(r)
	return d.variant(&d.makeArtifacts().elements, id, func() (*cache.Response, error) {
		body, err := elementOf(r.Body, id)
		if err != nil {
			return nil, err
		}
		found := r.WithoutGroups()
		found.Policy.Validator = header.AddText(found.Policy.Validator, "#"+id)
		d.Finish(found, body, nil)
		return found, nil
	})
}

// elementOf returns the outer HTML of the first element with an id.
func elementOf(html []byte, id string) ([]byte, error) {
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(html))
	if err != nil {
		return nil, err
	}
	found := document.Find("[id]").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return s.AttrOr("id", "") == id
	})
	if found.Length() == 0 {
		return nil, fmt.Errorf("the answer has no element with the id %q", id)
	}
	outer, err := goquery.OuterHtml(found.First())
	return []byte(outer), err
}
