package header

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// VaryNames returns the names in a Vary field, each once, in order and in their
// canonical form. "*" is one of them.
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

// VariesOn reports whether a Vary field has a name.
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

// SelectingValues returns what a request has in the fields that a response varies on,
// in their order.
func SelectingValues(request http.Header, vary []string) []string {
	if len(vary) == 0 {
		return nil
	}
	values := make([]string, len(vary))
	for i, name := range vary {
		values[i] = Combined(request[name])
	}
	return values
}

// MatchesSelecting reports whether a request has the same values in these fields
// (RFC 9111 §4.1).
func MatchesSelecting(request http.Header, vary, values []string) bool {
	for i, name := range vary {
		value := Combined(request[name])
		if value != values[i] && Selecting(name, value) != Selecting(name, values[i]) {
			return false
		}
	}
	return true
}

// Combined is a field's value as one line (RFC 9110 §5.3). A field that is not
// there matches no empty one (RFC 9111 §4.1), hence a value that none can have.
func Combined(lines []string) string {
	switch len(lines) {
	case 0:
		return "\x00"
	case 1:
		return lines[0]
	}
	return strings.Join(lines, ", ")
}

// notLists are the fields in which a comma separates nothing.
var notLists = []string{
	"Authorization", "Cookie", "Date", "From", "Host", "If-Modified-Since", "If-Range", "If-Unmodified-Since",
	"Origin", "Referer", "User-Agent",
}

// maxNormalized is the length, in bytes, up to which a value is normalized. It is
// several times that of what browsers send. A longer value is compared as it
// came, because a lookup compares it with each stored variant.
const maxNormalized = 1 << 10

// Selecting returns a field's value without what makes no difference (RFC 9111
// §4.1): the space around the members of a list, and for languages and content
// codings their case and their order, since what is preferred is said with a
// weight (RFC 9110 §12.4.2). A value longer than maxNormalized is returned as it
// is, which costs at most a fetch.
func Selecting(name, value string) string {
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

// unordered returns the members of a list in one case and one order, if that
// makes no difference for this field.
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

// ContentCoding returns the content codings that a header names, in one line (RFC
// 9110 §5.3), empty if it names none.
func ContentCoding(h http.Header) string { return strings.Join(h["Content-Encoding"], ", ") }

// RemoveCodingVary takes Accept-Encoding out of the Vary of an answer that is kept
// in no coding: there is but one of it.
func RemoveCodingVary(h http.Header) {
	if !VariesOn(h, "Accept-Encoding") {
		return
	}
	names := slices.DeleteFunc(VaryNames(h), func(name string) bool { return name == "Accept-Encoding" })
	if delete(h, "Vary"); len(names) > 0 {
		h["Vary"] = names
	}
}
