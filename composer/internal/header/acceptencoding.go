package header

import (
	"net/http"
	"strings"
)

// AcceptsGzip reports whether an answer to a request with these headers should
// be in the coding gzip (RFC 9110 §12.5.3): the request names it, or "*", with
// a weight that is neither 0 nor below what it gives to identity. A request
// without Accept-Encoding takes any coding, but who sends such is often not
// able to read one.
//
// A weight that is not one is 0, and of several for one coding the least
// counts, since an answer in no coding is always readable.
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
	noWeight   = fullWeight + 1 // of a coding that is not named
)

// weightOf returns the weight in the parameters of a coding, in thousandths
// (RFC 9110 §12.4.2). It is full if there are none, and 0 if it is malformed.
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
