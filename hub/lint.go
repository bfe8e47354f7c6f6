package hub

import (
	"fmt"
	"slices"
)

// Lint names what in a fragment would break a stock htmx client that is sent
// it as an out-of-band swap; nothing, if all is well. It is meant for the
// registration of fragments and for development.
func Lint(body []byte) []string {
	var faults []string
	r, err := findRootElement(body)
	if err != nil {
		faults = append(faults, err.Error())
	}
	seen := make(map[string]bool)
	for i := 0; ; {
		t, ok := nextTag(body, i)
		if !ok {
			return faults
		}
		i = t.next
		if t.closing {
			continue
		}
		isRoot := err == nil && t.start == r.start
		if isRoot && slices.Contains(parentBound, t.name) {
			faults = append(faults, fmt.Sprintf("root element %s cannot stand beside others", t.name))
		}
		if _, has := t.attributeValue(swapAttribute); has && !isRoot {
			faults = append(faults, fmt.Sprintf("%s within element %s", swapAttribute, t.name))
		}
		id, _ := t.attributeValue("id")
		if id != "" && seen[id] {
			faults = append(faults, fmt.Sprintf("two elements have the id %q", id))
		}
		if id == connectID && !isRoot {
			faults = append(faults, fmt.Sprintf("an element has the id %q of the connect element", connectID))
		}
		seen[id] = true
	}
}

// parentBound are the elements that a parser drops outside of their parents,
// as when they come in one message with others.
var parentBound = []string{
	"tr", "td", "th", "tbody", "thead", "tfoot", "caption", "col", "colgroup", "option", "optgroup",
	"html", "head", "body", "frame", "frameset",
}
