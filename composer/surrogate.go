package composer

import (
	"iter"
	"strings"
)

// device is the name by which a Surrogate-Control field addresses us (Edge
// Architecture 1.0 §2.3).
const device = "selvedge"

// parseSurrogateControl reads the directives for caches of a Surrogate-Control
// field (Edge Architecture 1.0 §2.2). A directive that is addressed to us
// replaces the one for everybody. It is not ok if the field has none, as one
// that only says content="ESI/1.0".
func parseSurrogateControl(lines []string) (d directives, ok bool) {
	everybody, ours := noDirectives(), noDirectives()
	for element := range listElements(lines) {
		switch directive, target := cutTarget(element); target {
		case "":
			ok = everybody.setSurrogate(directive) || ok
		case device:
			ok = ours.setSurrogate(directive) || ok
		}
	}
	if ours.maxAge != absent {
		everybody.maxAge = ours.maxAge
		everybody.staleWhileRevalidate, everybody.staleIfError = ours.staleWhileRevalidate, ours.staleIfError
	}
	everybody.noStore = everybody.noStore || ours.noStore
	return everybody, ok
}

// setSurrogate reports whether the directive is one for caches. In
// max-age=60+600 the second number is how long the response may be used after
// it has become stale.
func (d *directives) setSurrogate(directive string) bool {
	name, value, _ := strings.Cut(directive, "=")
	switch strings.ToLower(name) {
	case "no-store":
		d.noStore = true
		return true
	case "max-age":
		fresh, stale, extended := strings.Cut(unquote(value), "+")
		setLifetime(&d.maxAge, fresh)
		if extended {
			setLifetime(&d.staleWhileRevalidate, stale)
			setLifetime(&d.staleIfError, stale)
		}
		return true
	}
	return false
}

// listElements yields the elements of a field that is a list (RFC 9110 §5.6.1),
// without those that are empty.
func listElements(lines []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range lines {
			for len(line) > 0 {
				var element string
				element, line = cutElement(line, ',')
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
	directive, target = cutElement(element, ';')
	return strings.TrimSpace(directive), strings.TrimSpace(target)
}
