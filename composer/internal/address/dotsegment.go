package address

import (
	"iter"
	"strconv"
	"strings"
)

// EncodeDotSegments returns a value for a path with its . and .. segments as %2E and
// %2E%2E, including segments that are hidden from the composer, but not from a server
// that
//   - decodes more than once, as %252e;
//   - reads an encoded slash or a \ as a slash;
//   - ignores the text after a ; in a segment.
//
// A segment of dots alone is encoded too, because it may become a dot segment together
// with the text beside the variable.
func EncodeDotSegments(value string) string {
	if !strings.ContainsAny(value, ".%") {
		return value
	}
	segments := strings.Split(value, "/")
	for i, segment := range segments {
		path, query, asks := strings.Cut(segment, "?")
		decoded := unescapeRepeatedly(path)
		switch {
		case decoded != "" && strings.Trim(decoded, ".") == "":
			path = strings.Repeat("%2E", len(decoded))
		case hasHiddenDots(decoded):
			path = "%2E%2E"
		}
		if segments[i] = path; asks {
			segments[i] += "?" + query
		}
	}
	return strings.Join(segments, "/")
}

// HasDotSegment reports whether a path has a . or .. segment.
func HasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// hasHiddenDots reports whether a decoded segment contains a dot segment for a server as
// in segmentNames.
func hasHiddenDots(segment string) bool {
	for name := range segmentNames(segment) {
		if name == "." || name == ".." {
			return true
		}
	}
	return false
}

// HasParentSegment reports whether a decoded path has a .. segment, also for a server as
// in segmentNames.
func HasParentSegment(path string) bool {
	if !strings.Contains(path, "..") {
		return false
	}
	for name := range segmentNames(path) {
		if name == ".." {
			return true
		}
	}
	return false
}

// segmentNames yields the names of the segments of a decoded path, for a server that reads
// \ as a slash, or ignores the text after a ; in a segment.
func segmentNames(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.FieldsFuncSeq(path, func(c rune) bool { return c == '/' || c == '\\' }) {
			if name, _, _ := strings.Cut(part, ";"); !yield(name) {
				return
			}
		}
	}
}

// maxDecodings bounds the decodings of a path by a server: a proxy, a framework and a
// router may each decode once.
const maxDecodings = 4

func unescapeRepeatedly(s string) string {
	for range maxDecodings {
		decoded := unescapeValid(s)
		if decoded == s {
			break
		}
		s = decoded
	}
	return s
}

// unescapeValid decodes percent-encoded bytes, and keeps a % without a valid escape,
// as lenient servers do.
func unescapeValid(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				c = byte(n)
				i += 2
			}
		}
		b = append(b, c)
	}
	return string(b)
}
