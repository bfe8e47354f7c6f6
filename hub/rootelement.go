package hub

import (
	"selvedge/composer/htmltag"

	"errors"
	"slices"
)

// A rootElement is the position of a fragment's root element.
type rootElement struct {
	start, end  int
	attributeAt int // where to insert an attribute; 0: the element has a swapAttribute
}

// findRootElement returns the root element, or an error if clients could not
// use the fragment. With an error, the element is known as far as it was read.
func findRootElement(body []byte) (rootElement, error) {
	start := htmltag.SkipBlank(body, 0)
	t, ok := htmltag.Tag{}, false
	if start < len(body) && body[start] == '<' && htmltag.IsStart(body, start) {
		t, ok = htmltag.Read(body, start)
	}
	if !ok || t.IsClosing {
		return rootElement{start: start}, errNoRoot
	}
	r := rootElement{start: start, end: htmltag.ElementEnd(body, t), attributeAt: start + 1 + len(t.Name)}
	if r.end < 0 {
		return r, errRootNotClosed
	}
	if second := htmltag.SkipBlank(body, r.end); second < len(body) {
		r.end = second
		return r, errSeveralRoots
	}
	switch id, _ := t.Attribute("id"); id {
	case "":
		return r, errNoID
	case connectID:
		return r, errConnectID
	}
	if _, has := t.Attribute(swapAttribute); has {
		r.attributeAt = 0
	}
	return r, nil
}

// withSwap returns the root element with a swapAttribute. An attribute of the
// element's own is kept.
func (r rootElement) withSwap(body []byte, how string) []byte {
	if r.attributeAt == 0 {
		return body[r.start:r.end]
	}
	return slices.Concat(body[r.start:r.attributeAt], []byte(` `+swapAttribute+`="`+how+`"`), body[r.attributeAt:r.end])
}

// Reasons why a fragment cannot be swapped into a page by its id. Stock htmx
// clients would replace the wrong element, or everything.
var (
	errNoRoot        = errors.New("fragment does not begin with an element")
	errRootNotClosed = errors.New("root element of the fragment is not closed")
	errSeveralRoots  = errors.New("fragment has more than one root element, or text beside it")
	errNoID          = errors.New("root element of the fragment has no id")
	errConnectID     = errors.New(`root element of the fragment has the id "` + connectID + `" of the connect element`)
)

// connectID is the id of the element with a page's live connection. A client
// that replaces this element reconnects, for ever.
const connectID = "live"

// swapAttribute is the attribute of out-of-band swaps.
const swapAttribute = "hx-swap-oob"
