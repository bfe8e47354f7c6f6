package composer

import (
	"bytes"
	"fmt"

	"github.com/PuerkitoBio/goquery"
)

// part returns an answer that has only the element with an id, as it stands
// in src="…#id". It is neither read as ESI nor a view: those are whole.
func (r *response) part(id string) (*response, error) {
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	found := document.Find("[id]").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return s.AttrOr("id", "") == id
	})
	if found.Length() == 0 {
		return nil, fmt.Errorf("the answer has no element with the id %q", id)
	}
	body, err := goquery.OuterHtml(found.First())
	if err != nil {
		return nil, err
	}
	header := r.header.Clone()
	header.Del(surrogateControl)
	header.Del("Cache-Groups")
	return &response{status: r.status, header: header, body: []byte(body), styles: r.styles}, nil
}
