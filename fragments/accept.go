package fragments

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// PrefersHTML reports whether the request prefers HTML to JSON, by the weights of its
// Accept header (RFC 9110 §12.5.1). Without a preference, the result depends on the
// request:
//
//   - true, if a script sent the request in the background;
//   - false, if the path is below /api/ or /fragments/, because these paths are for
//     programs;
//   - true, for any other path, because these paths are for people.
//
// A response that depends on the result needs Vary: Accept.
func PrefersHTML(r *http.Request) bool {
	lines := r.Header.Values("Accept")
	html, json := weight(lines, "text", "html"), weight(lines, "application", "json")
	if html == json {
		return InBackground(r) || !strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.URL.Path, "/fragments/")
	}
	return html > json
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
