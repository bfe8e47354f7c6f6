package header

import (
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// Device is the name by which a Surrogate-Control field addresses us (Edge
// Architecture 1.0 §2.3).
const Device = "selvedge"

// parseSurrogateControl reads the directives for caches of a Surrogate-Control
// field (Edge Architecture 1.0 §2.2). A directive that is addressed to us
// replaces the one for everybody. It is not ok if the field has none, as one
// that only says content="ESI/1.0".
func parseSurrogateControl(lines []string) (d CacheControl, ok bool) {
	everybody, ours := noDirectives(), noDirectives()
	for element := range ListElements(lines) {
		switch directive, target := cutTarget(element); target {
		case "":
			ok = everybody.setSurrogate(directive) || ok
		case Device:
			ok = ours.setSurrogate(directive) || ok
		}
	}
	if ours.MaxAge != Absent {
		everybody.MaxAge = ours.MaxAge
		everybody.StaleWhileRevalidate, everybody.StaleIfError = ours.StaleWhileRevalidate, ours.StaleIfError
	}
	everybody.NoStore = everybody.NoStore || ours.NoStore
	return everybody, ok
}

// setSurrogate reports whether the directive is one for caches. In
// max-age=60+600 the second number is how long the response may be used after
// it has become stale.
func (d *CacheControl) setSurrogate(directive string) bool {
	name, value, _ := strings.Cut(directive, "=")
	switch strings.ToLower(name) {
	case "no-store":
		d.NoStore = true
		return true
	case "max-age":
		fresh, stale, extended := strings.Cut(Unquote(value), "+")
		setLifetime(&d.MaxAge, fresh)
		if extended {
			setLifetime(&d.StaleWhileRevalidate, stale)
			setLifetime(&d.StaleIfError, stale)
		}
		return true
	}
	return false
}

// ListElements yields the elements of a field that is a list (RFC 9110 §5.6.1),
// without those that are empty.
func ListElements(lines []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range lines {
			for len(line) > 0 {
				var element string
				element, line = CutElement(line, ',')
				if element = strings.TrimSpace(element); element != "" && !yield(element) {
					return
				}
			}
		}
	}
}

// cutTarget takes a directive of a Surrogate-Control field and the device apart
// that it is for. That is empty if it is for all.
func cutTarget(element string) (directive, target string) {
	directive, target = CutElement(element, ';')
	return strings.TrimSpace(directive), strings.TrimSpace(target)
}

// OnwardControl returns the directives of a Surrogate-Control field that another
// surrogate receives: those that are not addressed to Device, and hold.
func OnwardControl(lines []string, holds func(directive, target string) bool) string {
	var rest []string
	for element := range ListElements(lines) {
		if directive, target := cutTarget(element); target != Device && holds(directive, target) {
			rest = append(rest, element)
		}
	}
	return strings.Join(rest, ", ")
}

// HoldsForDocument says that every directive holds for what is as it came.
func HoldsForDocument(_, _ string) bool { return true }

// HoldsForCompleted says which directives hold for a template that was read as ESI:
// nobody else has to.
func HoldsForCompleted(directive, target string) bool {
	name, _, _ := strings.Cut(directive, "=")
	return target != "" || !strings.EqualFold(name, "content")
}

// HoldsForPage says which directives hold for a page of several parts. Only that it
// may not be kept does: how long it may is for its own Cache-Control to say,
// since the template knows nothing of its other parts.
func HoldsForPage(directive, _ string) bool {
	return strings.HasPrefix(strings.ToLower(directive), "no-store")
}

// maxSurrogates bounds the surrogates before us that a request names. A request
// that names more is not from a chain of surrogates, and what it says of them is
// dropped.
const maxSurrogates = 16

// AnnounceCapability says that we read ESI, after what a surrogate before us says (Edge
// Architecture 1.0 §2.1). A device's name stands in the field once.
func AnnounceCapability(h http.Header) {
	before := h[SurrogateCapability]
	if len(before) == 0 {
		h[SurrogateCapability] = []string{Capability}
		return
	}
	taken, elements := make(map[string]bool), 0
	for element := range ListElements(before) {
		if elements++; elements > maxSurrogates {
			h[SurrogateCapability] = []string{Capability}
			return
		}
		name, _, _ := strings.Cut(element, "=")
		taken[strings.ToLower(strings.TrimSpace(name))] = true
	}
	name := Device
	for i := 2; taken[name]; i++ {
		name = Device + strconv.Itoa(i)
	}
	h[SurrogateCapability] = []string{strings.Join(before, ", ") + ", " + strings.Replace(Capability, Device, name, 1)}
}
