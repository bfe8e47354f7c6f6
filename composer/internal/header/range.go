package header

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// ByteRanges returns the byte ranges of a request without their unit, which is
// case-insensitive (RFC 9110 §14.1). It is not ok for another unit, because a Range in
// an unknown unit is ignored (§14.2).
func ByteRanges(r *http.Request) (ranges string, ok bool) {
	unit, ranges, _ := strings.Cut(First(r.Header, "Range"), "=")
	return ranges, strings.EqualFold(strings.TrimSpace(unit), "bytes") && strings.Trim(ranges, ", \t") != ""
}

// WantsRange reports whether a request asks for byte ranges.
func WantsRange(r *http.Request) bool {
	if len(r.Header["Range"]) == 0 {
		return false
	}
	_, ok := ByteRanges(r)
	return ok
}

// maxRanges bounds the ranges of one request. Media players and document viewers ask
// for a few; 60 KB of Range have room for 15,000, and the response would have a part
// for each.
const maxRanges = 64

// SatisfiableRanges returns the satisfiable ranges of a document, as a Range field in
// plain numbers; size is in bytes. Without a satisfiable range, err gives the reason
// in words (RFC 9110 §14.1.2). Both results are empty for more than maxRanges: such a
// request gets the whole document (§14.2).
func SatisfiableRanges(ranges string, size int) (field, err string) {
	var known []string
	for spec := range strings.SplitSeq(ranges, ",") {
		if spec = strings.TrimSpace(spec); spec == "" {
			continue
		}
		from, to, ok := strings.Cut(spec, "-")
		start, end := position(from, 0), position(cmp.Or(to, "0"), 0)
		switch suffix := from == ""; {
		case !ok || start < 0 || end < 0 || suffix && to == "":
			return "", "invalid range"
		case suffix && end == 0:
			continue // an empty suffix
		case suffix:
			start, end = max(size-end, 0), size-1
		case to == "":
			end = size - 1
		case end < start:
			return "", "invalid range"
		}
		if start < size {
			if len(known) == maxRanges {
				return "", ""
			}
			known = append(known, strconv.Itoa(start)+"-"+strconv.Itoa(min(end, size-1)))
		}
	}
	if len(known) == 0 {
		return "", "invalid range: failed to overlap"
	}
	return "bytes=" + strings.Join(known, ","), ""
}

// position reads a number. It returns math.MaxInt for a number above all integers, -1
// for anything but digits, and byDefault for an empty text.
func position(text string, byDefault int) int {
	if text == "" {
		return byDefault
	}
	if strings.Trim(text, "0123456789") != "" {
		return -1
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return math.MaxInt
	}
	return n
}
