package header

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// VaryNames returns the names in a Vary field, including "*": sorted, in canonical
// form and without duplicates.
func VaryNames(h http.Header) []string {
	var names []string
	for _, line := range h["Vary"] {
		names = slices.Grow(names, strings.Count(line, ",")+1)
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, textproto.CanonicalMIMEHeaderKey(name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// VariesOn reports whether Vary has a name, in any case.
func VariesOn(h http.Header, name string) bool {
	for _, line := range h["Vary"] {
		for other := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(other), name) {
				return true
			}
		}
	}
	return false
}

// SelectingValues returns the request's values of the fields in vary, in the order of
// vary.
func SelectingValues(request http.Header, vary []string) []string {
	if len(vary) == 0 {
		return nil
	}
	values := make([]string, len(vary))
	for i, name := range vary {
		values[i] = CombineLines(request[name])
	}
	return values
}

// MatchesSelecting reports whether a request has the given values in the fields of
// vary (RFC 9111 §4.1).
func MatchesSelecting(request http.Header, vary, values []string) bool {
	for i, name := range vary {
		value := CombineLines(request[name])
		if value != values[i] && NormalizeSelecting(name, value) != NormalizeSelecting(name, values[i]) {
			return false
		}
	}
	return true
}

// CombineLines returns the lines of a field as one value (RFC 9110 §5.3). A missing field
// does not match an empty field (RFC 9111 §4.1), so its value is "\x00", which no
// field can have.
func CombineLines(lines []string) string {
	switch len(lines) {
	case 0:
		return "\x00"
	case 1:
		return lines[0]
	}
	return strings.Join(lines, ", ")
}

// NormalizeSelecting returns a field's value in a normal form for comparison (RFC 9111 §4.1). A
// value longer than maxNormalized stays unchanged, which costs at most a fetch.
//
//   - Space around the members of a list is removed.
//   - Languages and content codings are sorted and in lower case, because preference
//     is given by weights and not by order (RFC 9110 §12.4.2).
func NormalizeSelecting(name, value string) string {
	if len(value) > maxNormalized {
		return value
	}
	if slices.Contains(notLists, name) || !strings.ContainsAny(value, ", \t") {
		return unordered(name, value)
	}
	var members []string
	for rest := value; len(rest) > 0; {
		var member string
		if member, rest = CutElement(rest, ','); strings.Trim(member, " \t") != "" {
			members = append(members, strings.Trim(member, " \t"))
		}
	}
	return unordered(name, strings.Join(members, ","))
}

// notLists are the fields in which a comma is not a separator.
var notLists = []string{
	"Authorization", "Cookie", "Date", "From", "Host", "If-Modified-Since", "If-Range", "If-Unmodified-Since",
	"Origin", "Referer", "User-Agent",
}

// maxNormalized is the length, in bytes, up to which a value is normalized: several
// times the length of browsers' values. A longer value is compared unchanged, because
// a lookup compares the value with each stored variant.
const maxNormalized = 1 << 10

// unordered returns the list sorted and in lower case if name is a field without order
// and case.
func unordered(name, list string) string {
	if name != "Accept-Language" && name != "Accept-Encoding" {
		return list
	}
	members := strings.Split(strings.ToLower(list), ",")
	for i, member := range members {
		members[i] = withoutSpace.Replace(member)
	}
	slices.Sort(members)
	return strings.Join(members, ",")
}

var withoutSpace = strings.NewReplacer(" ", "", "\t", "")

// RemoveCodingVary removes Accept-Encoding from the Vary of a response, because a
// response stored without a coding has no variants by coding.
func RemoveCodingVary(h http.Header) {
	if !VariesOn(h, "Accept-Encoding") {
		return
	}
	names := slices.DeleteFunc(VaryNames(h), func(name string) bool { return name == "Accept-Encoding" })
	if delete(h, "Vary"); len(names) > 0 {
		h["Vary"] = names
	}
}
