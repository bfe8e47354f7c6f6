package header

import (
	"net/http"
	"strings"
)

// ContentType returns the Content-Type of a header in one line (RFC 9110 §5.3), empty
// without the field.
func ContentType(h http.Header) string { return strings.Join(h["Content-Type"], ", ") }

// ParseContentType returns the media type of a Content-Type, in lower case and without
// parameters, and its charset. Both are empty without a valid type. As in browsers
// (Fetch §2.2.2, extract a MIME type):
//
//   - of several types the last counts;
//   - the charset of an earlier type stays if the last is the same type without a
//     charset.
func ParseContentType(contentType string) (mediaType, charset string) {
	switch contentType { // a fast path: nearly all fragments have one of these types
	case "", "text/html":
		return contentType, ""
	case "text/html; charset=utf-8", "text/html;charset=utf-8":
		return "text/html", DefaultCharset
	case "text/html; charset=UTF-8", "text/html;charset=UTF-8":
		return "text/html", "UTF-8"
	}
	return parseContentType(contentType)
}

// parseContentType is ParseContentType without the fast path.
func parseContentType(contentType string) (mediaType, charset string) {
	for contentType != "" {
		var value string
		value, contentType = CutElement(contentType, ',')
		next, named, labeled := parseMIMEType(value)
		switch {
		case next == "" || next == "*/*":
			continue
		case next != mediaType || labeled:
			charset = named
		}
		mediaType = next
	}
	return mediaType, charset
}

// IsText reports whether bodies of a media type gain from compression.
func IsText(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	return strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "+xml") ||
		strings.HasSuffix(mediaType, "/xml") || strings.HasSuffix(mediaType, "json") || strings.HasSuffix(mediaType, "javascript")
}

// parseMIMEType reads one type (MIME Sniffing §4.4). labeled reports whether the type
// has a charset; the first counts. An invalid type is empty. Beyond the standard, a
// type ends at white space, as in "text/html charset=utf-8", because browsers read
// such a type.
func parseMIMEType(s string) (mediaType, charset string, labeled bool) {
	mediaType, parameters, _ := strings.Cut(strings.Trim(s, httpSpace), ";")
	if end := strings.IndexAny(mediaType, httpSpace); end >= 0 {
		mediaType = mediaType[:end]
	}
	kind, subtype, _ := strings.Cut(mediaType, "/")
	if !IsToken(kind) || !IsToken(subtype) {
		return "", "", false
	}
	for parameters != "" && !labeled {
		var name, value string
		var ok bool
		if name, value, ok, parameters = cutParameter(parameters); ok && strings.EqualFold(name, "charset") {
			charset, labeled = value, true
		}
	}
	return strings.ToLower(mediaType), charset, labeled
}

// cutParameter reads the first parameter of a type (MIME Sniffing §4.4, steps 11.1 to
// 11.9). It is not ok without a value.
func cutParameter(s string) (name, value string, ok bool, rest string) {
	s = strings.TrimLeft(s, httpSpace)
	i := strings.IndexAny(s, ";=")
	switch {
	case i < 0:
		return "", "", false, ""
	case s[i] == ';':
		return "", "", false, s[i+1:]
	}
	name, s = s[:i], s[i+1:]
	if strings.HasPrefix(s, `"`) {
		end := quotedLength(s)
		quoted := s[:end]
		if len(quoted) == 1 || quoted[end-1] != '"' {
			quoted += `"`
		}
		_, rest, _ = strings.Cut(s[end:], ";")
		return name, Unquote(quoted), true, rest
	}
	value, rest, _ = strings.Cut(s, ";")
	value = strings.TrimRight(value, httpSpace)
	return name, value, value != "", rest
}

// quotedLength returns the length of the quoted string at the start of s. A string
// without a closing quote reaches to the end of s.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// httpSpace is the white space of header fields (MIME Sniffing §4.4).
const httpSpace = " \t\r\n"
