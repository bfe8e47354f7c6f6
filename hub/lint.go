package hub

import (
	"selvedge/composer/htmltag"

	"errors"
	"fmt"
	"slices"
)

// Fault is a reason why a fragment would break open pages.
type Fault struct {
	Offset int    // in the body, in bytes
	Text   string // the mistake
	Advice string // the remedy, as a clause
}

// Lint returns the faults with which a fragment would break a stock htmx client
// as an out-of-band swap; empty if there are none. Use it when fragments are
// registered and in development.
func Lint(body []byte) []Fault {
	var faults []Fault
	r, err := findRootElement(body)
	if err != nil {
		faults = append(faults, rootFault(r, err))
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
		add := func(advice, format string, values ...any) {
			faults = append(faults, Fault{t.Start, fmt.Sprintf(format, values...), advice})
		}
		isRoot := err == nil && t.Start == r.start
		if isRoot && slices.Contains(parentBound, t.Name) {
			add("put a whole table or list around it, with the id", "root element %s cannot stand beside others", t.Name)
		}
		if _, has := t.Attribute(swapAttribute); has && !isRoot {
			add("remove the attribute", "%s within element %s", swapAttribute, t.Name)
		}
		id, _ := t.Attribute("id")
		if id != "" && seen[id] {
			add("give each element an id of its own", "two elements have the id %q", id)
		}
		if id == connectID && !isRoot {
			add("choose another id", "an element has the id %q of the connect element", connectID)
		}
		seen[id] = true
	}
}

// rootFault returns the fault of a fragment without a root element that could be swapped.
func rootFault(r rootElement, err error) Fault {
	fault := Fault{Offset: r.start, Text: err.Error()}
	switch {
	case errors.Is(err, errRootNotClosed):
		fault.Advice = "add the end tag"
	case errors.Is(err, errSeveralRoots):
		fault.Offset, fault.Advice = r.end, "put one element with an id around all"
	case errors.Is(err, errNoID):
		fault.Advice = "add an id that no other element of a page has"
	case errors.Is(err, errConnectID):
		fault.Advice = "choose another id"
	default:
		fault.Advice = "put an element with an id around it"
	}
	return fault
}

// parentBound are the elements dropped by HTML parsers outside of their
// parents, for example beside other elements in a message.
var parentBound = []string{
	"tr", "td", "th", "tbody", "thead", "tfoot", "caption", "col", "colgroup", "option", "optgroup",
	"html", "head", "body", "frame", "frameset",
}
