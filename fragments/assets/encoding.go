package assets

import (
	"strconv"
	"strings"
)

// preferred returns the encoding with the greatest weight in the Accept-Encoding fields
// (RFC 9110 §12.5.3), and the shortest of several. It returns nil in these cases:
//
//   - no encoding is acceptable and smaller than the plain bytes;
//   - the plain bytes have a greater weight.
//
// A malformed weight counts as zero.
func preferred(fields []string, encodings []encoding) *encoding {
	weights := map[string]float64{}
	for item := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		coding, q := weighted(item)
		weights[coding] = q
	}
	var best *encoding
	greatest := weights["identity"]
	for i := range encodings {
		e := &encodings[i]
		q, named := weights[e.coding]
		if !named {
			q = weights["*"]
		}
		if q <= 0 || q < greatest || e.body() == nil {
			continue
		}
		if q > greatest || best == nil || len(e.body()) < len(best.body()) {
			best, greatest = e, q
		}
	}
	return best
}

// weighted splits "gzip;q=0.5" into the name in lower case and the weight. The default
// weight is 1.
func weighted(item string) (coding string, q float64) {
	coding, parameter, _ := strings.Cut(item, ";")
	coding = strings.ToLower(strings.TrimSpace(coding))
	if coding == "x-gzip" { // RFC 9110 §8.4.1.3: the same as gzip
		coding = "gzip"
	}
	parameter = strings.ToLower(strings.TrimSpace(parameter))
	if parameter == "" {
		return coding, 1
	}
	value, ok := strings.CutPrefix(parameter, "q=")
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if !ok || err != nil || !(q >= 0 && q <= 1) {
		return coding, 0
	}
	return coding, q
}
