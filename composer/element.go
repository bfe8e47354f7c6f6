package composer

import (
	"bytes"
	"fmt"

	"github.com/PuerkitoBio/goquery"

	"selvedge/composer/internal/header"
)

// element returns an answer that has only the element with an id, as it stands
// in src="…#id". It is neither read as ESI nor a view: those are whole.
func (c *Composer) element(r *response, id string) (*response, error) {
	defer c.weighGrown(r)
	return r.derived.answer(&r.derived.more().elements, id, func() (*response, error) {
		body, err := elementOf(r.body, id)
		if err != nil {
			return nil, err
		}
		found := *r
		found.groups, found.coming = nil, nil
		found.gives.Validator = header.AddText(found.gives.Validator, "#"+id)
		return found.finish(body, nil), nil
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
