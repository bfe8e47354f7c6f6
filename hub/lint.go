package hub

import (
	"selvedge/composer/htmltag"

	"fmt"
	"slices"
)

// Lint returns the faults with which a fragment would break a stock htmx client
// as an out-of-band swap; empty if there are none. Use it when fragments are
// registered and in development.
func Lint(body []byte) []string {
	var faults []string
	r, err := findRootElement(body)
	if err != nil {
		faults = append(faults, err.Error())
	}
	seen := make(map[string]bool)
	for i := 0; ; {
		t, ok := htmltag.Next(body, i)
		if !ok {
			return faults
		}
		i = t.Next
		if t.IsClosing {
			continue
		}
		isRoot := err == nil && t.Start == r.start
		if isRoot && slices.Contains(parentBound, t.Name) {
			faults = append(faults, fmt.Sprintf("root element %s cannot stand beside others", t.Name))
		}
		if _, has := t.Attribute(swapAttribute); has && !isRoot {
			faults = append(faults, fmt.Sprintf("%s within element %s", swapAttribute, t.Name))
		}
		id, _ := t.Attribute("id")
		if id != "" && seen[id] {
			faults = append(faults, fmt.Sprintf("two elements have the id %q", id))
		}
		if id == connectID && !isRoot {
			faults = append(faults, fmt.Sprintf("an element has the id %q of the connect element", connectID))
		}
		seen[id] = true
	}
}

// parentBound are the elements dropped by HTML parsers outside of their
// parents, for example beside other elements in a message.
var parentBound = []string{
	"tr", "td", "th", "tbody", "thead", "tfoot", "caption", "col", "colgroup", "option", "optgroup",
	"html", "head", "body", "frame", "frameset",
}
