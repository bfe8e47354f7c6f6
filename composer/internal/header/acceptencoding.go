package header

import (
	"net/http"
	"strings"
)

// AcceptsGzip reports whether the response to a request with header h should have the
// content coding gzip (RFC 9110 §12.5.3). It is true if Accept-Encoding names gzip or
// "*" with a weight above 0 and at least the weight of identity. A request without
// Accept-Encoding allows any coding, but its client is often unable to decode.
//
// A malformed weight is 0. If a coding is named several times, its least weight
// counts, because a response without a coding is always readable.
func AcceptsGzip(h http.Header) bool {
	gzip, others, identity := noWeight, noWeight, noWeight
	for _, line := range h["Accept-Encoding"] {
		for line != "" {
			var element string
			element, line, _ = strings.Cut(line, ",")
			name, parameters, _ := strings.Cut(element, ";")
			switch name = strings.TrimSpace(name); {
			case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
				gzip = min(gzip, weightOf(parameters))
			case strings.EqualFold(name, "identity"):
				identity = min(identity, weightOf(parameters))
			case name == "*":
				others = min(others, weightOf(parameters))
			}
		}
	}
	if gzip == noWeight {
		gzip = others
	}
	if identity == noWeight {
		identity = 0
	}
	return gzip != noWeight && gzip > 0 && gzip >= identity
}

const (
	fullWeight = 1000
	noWeight   = fullWeight + 1 // weight of a coding without an entry
)

// weightOf returns the weight in the parameters of a coding, in thousandths (RFC 9110
// §12.4.2): fullWeight without parameters, 0 if malformed.
func weightOf(parameters string) int {
	parameters = strings.TrimSpace(parameters)
	if parameters == "" {
		return fullWeight
	}
	name, value, _ := strings.Cut(parameters, "=")
	if !strings.EqualFold(name, "q") {
		return 0
	}
	whole, fraction, _ := strings.Cut(value, ".")
	if whole != "0" && whole != "1" || len(fraction) > 3 {
		return 0
	}
	weight := int(whole[0] - '0')
	for i := range 3 {
		weight *= 10
		if i < len(fraction) {
			if fraction[i] < '0' || fraction[i] > '9' {
				return 0
			}
			weight += int(fraction[i] - '0')
		}
	}
	if weight > fullWeight {
		return 0
	}
	return weight
}

// ContentCoding returns the content codings of a header in one line (RFC 9110 §5.3),
// empty without the field.
func ContentCoding(h http.Header) string { return strings.Join(h["Content-Encoding"], ", ") }
