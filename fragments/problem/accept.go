package problem

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// AcceptWeights returns the weights that the field Accept of a request gives to text/html
// and application/json, between 0 and 1 (RFC 9110 §12.5.1). A type has the weight of the
// most specific range that includes it, and 0 without such a range. A malformed weight
// counts as 1, and a malformed range is ignored.
//
// A response that depends on the weights needs Vary: Accept.
func AcceptWeights(r *http.Request) (html, json float64) {
	lines := r.Header.Values("Accept")
	return weight(lines, "text", "html"), weight(lines, "application", "json")
}

// weight returns the weight of a media type: the weight of the most specific range that
// includes the type, and 0 without such a range.
func weight(lines []string, kind, subtype string) float64 {
	best, found := 0.0, 0
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			mediaRange, params, err := mime.ParseMediaType(part)
			if err != nil {
				continue
			}
			specific := specificity(mediaRange, kind, subtype)
			if specific > found {
				best, found = quality(params["q"]), specific
			}
		}
	}
	return best
}

// specificity returns 3 for the type itself, 2 for its kind, 1 for any type, and 0 for a
// range without the type.
func specificity(mediaRange, kind, subtype string) int {
	switch mediaRange {
	case kind + "/" + subtype:
		return 3
	case kind + "/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}

// quality returns a weight between 0 and 1. A malformed weight counts as 1.
func quality(q string) float64 {
	if value, err := strconv.ParseFloat(q, 64); err == nil && value >= 0 && value <= 1 {
		return value
	}
	return 1
}
