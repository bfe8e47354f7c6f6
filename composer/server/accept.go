package server

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// prefersHTML reports whether Accept gives text/html a higher weight than application/json
// (RFC 9110 §12.5.1).
func prefersHTML(r *http.Request) bool {
	lines := r.Header["Accept"]
	return mediaWeight(lines, "text", "html") > mediaWeight(lines, "application", "json")
}

// mediaWeight returns the weight of the most specific range with a media type, or 0.
func mediaWeight(lines []string, kind, subtype string) float64 {
	weight, found := 0.0, 0
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			mediaRange, parameters, err := mime.ParseMediaType(part)
			if err != nil {
				continue
			}
			specific := map[string]int{kind + "/" + subtype: 3, kind + "/*": 2, "*/*": 1}[mediaRange]
			if specific <= found {
				continue
			}
			weight, found = 1, specific
			if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil && q >= 0 && q <= 1 {
				weight = q
			}
		}
	}
	return weight
}
