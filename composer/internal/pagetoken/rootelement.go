package pagetoken

import (
	"bytes"
	"strconv"

	"selvedge/composer/htmltag"
)

// RootElement holds the attributes of a fragment's first element.
type RootElement struct {
	id       string
	Revision int64  // data-revision, or 0
	Epoch    string // data-epoch: revisions of one epoch are comparable
}

// ParseRoot reads the start tag of the first element in html. In valid HTML a browser
// finds the same element. It reports false without an element that has an id. html may
// end within the tag, as the text of a template does before a variable.
func ParseRoot(html []byte) (RootElement, bool) {
	start, ok := htmltag.First(html)
	if !ok {
		return RootElement{}, false
	}
	var found RootElement
	for name, value := range htmltag.Attributes(start) {
		switch {
		case bytes.EqualFold(name, []byte("id")):
			found.id = string(value)
		case bytes.EqualFold(name, []byte("data-revision")):
			found.Revision, _ = strconv.ParseInt(string(value), 10, 64)
		case bytes.EqualFold(name, []byte("data-epoch")):
			found.Epoch = string(value)
		}
	}
	return found, found.id != ""
}
