package header

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// ByteRanges returns the ranges that a request asks for in bytes, without their
// unit, which has no case (RFC 9110 §14.1). It is not ok for other units: a
// Range in a unit that is not known is as if it were not there (§14.2).
func ByteRanges(r *http.Request) (ranges string, ok bool) {
	unit, ranges, _ := strings.Cut(First(r.Header, "Range"), "=")
	return ranges, strings.EqualFold(strings.TrimSpace(unit), "bytes") && strings.Trim(ranges, ", \t") != ""
}

// WantsRange reports whether a request asks for a part of what it names.
func WantsRange(r *http.Request) bool {
	if len(r.Header["Range"]) == 0 {
		return false
	}
	_, ok := ByteRanges(r)
	return ok
}

// maxRanges bounds the ranges of one request. Players and readers of documents
// ask for a few; 60 KB of Range have room for 15,000, each of which is a part of
// its own in the answer.
const maxRanges = 64

// SatisfiableRanges returns the ranges of a document of some size that can be
// answered, as a Range field in plain numbers. Otherwise err says in words why
// there is none (RFC 9110 §14.1.2). Both are empty for more than maxRanges: such
// a request is answered with the whole document (§14.2).
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
			continue // the last no bytes
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

// position reads a number of any length: beyond all integers it is the largest.
// It is negative if the text is none, and as given if there is no text.
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
