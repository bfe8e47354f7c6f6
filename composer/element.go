package composer

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/PuerkitoBio/goquery"
)

// elements are the answers that have only one element of another one, by its
// id. Each is looked for once, however often it is shown.
type elements struct {
	mu   sync.Mutex
	byID map[string]*response
}

// maxElements bounds how many elements of an answer are kept.
const maxElements = 16

// element returns an answer that has only the element with an id, as it stands
// in src="…#id". It is neither read as ESI nor a view: those are whole.
func (c *Composer) element(r *response, id string) (*response, error) {
	found, made, err := r.element(id)
	if made {
		c.weighAgain(r)
	}
	return found, err
}

// element reports whether the answer keeps an element that it did not have.
func (r *response) element(id string) (element *response, made bool, err error) {
	kept := &r.derived.more().elements
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if found := kept.byID[id]; found != nil {
		return found, false, nil
	}
	body, err := elementOf(r.body, id)
	if err != nil {
		return nil, false, err
	}
	found := *r
	found.groups, found.coming = nil, nil
	found.gives.validator = addTo(found.gives.validator, "#"+id)
	found.finish(body, nil)
	if kept.byID == nil {
		kept.byID = make(map[string]*response)
	}
	if len(kept.byID) < maxElements {
		kept.byID[id], made = &found, true
	}
	return &found, made, nil
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
