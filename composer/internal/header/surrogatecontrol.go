package header

import (
	"net/http"
	"strconv"
	"strings"
)

// Device is the composer's name in Surrogate-Control (Edge Architecture 1.0 §2.3),
// Surrogate-Capability and Via.
const Device = "selvedge"

// parseSurrogateControl reads the cache directives of a Surrogate-Control field (Edge
// Architecture 1.0 §2.2). A directive for Device replaces the directive for all. It is
// not ok if the field has no cache directive, as in content="ESI/1.0".
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

// setSurrogate sets a cache directive, and reports false for any other directive. In
// max-age=60+600 the second number is the time for which the stale response may be
// used.
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

// cutTarget splits a directive of a Surrogate-Control field from its target, a device.
// The target is empty for all devices.
func cutTarget(element string) (directive, target string) {
	directive, target = CutElement(element, ';')
	return strings.TrimSpace(directive), strings.TrimSpace(target)
}

// ForwardedSurrogateControl returns the directives of a Surrogate-Control field for another
// surrogate: the directives not addressed to Device for which holds returns true.
func ForwardedSurrogateControl(lines []string, holds func(directive, target string) bool) string {
	var rest []string
	for element := range ListElements(lines) {
		if directive, target := cutTarget(element); target != Device && holds(directive, target) {
			rest = append(rest, element)
		}
	}
	return strings.Join(rest, ", ")
}

// HoldsForDocument returns true, because every directive holds for a response that
// passes unchanged.
func HoldsForDocument(_, _ string) bool { return true }

// HoldsForCompleted reports whether a directive holds for a template after its ESI
// processing. A content directive for all surrogates does not, because the processing
// is done.
func HoldsForCompleted(directive, target string) bool {
	name, _, _ := strings.Cut(directive, "=")
	return target != "" || !strings.EqualFold(name, "content")
}

// HoldsForPage reports whether a directive of a template holds for a page of several
// parts. Only no-store does; the lifetime is given by the page's own Cache-Control,
// because the template does not know the lifetimes of the parts.
func HoldsForPage(directive, _ string) bool {
	return strings.HasPrefix(strings.ToLower(directive), "no-store")
}

// AnnounceCapability adds Capability to a request, after the capabilities of the
// surrogates in front of the composer (Edge Architecture 1.0 §2.1). Each device has
// its own name in the field.
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

// maxSurrogates bounds the surrogates that a request names in Surrogate-Capability. A
// longer list is not from a chain of surrogates, and is dropped.
const maxSurrogates = 16
