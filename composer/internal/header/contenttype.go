package header

import (
	"bytes"
	"net/http"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// ContentType returns the Content-Type of a header in one line (RFC 9110
// §5.3), empty if there is none.
func ContentType(h http.Header) string { return strings.Join(h["Content-Type"], ", ") }

// ParseContentType returns the media type of a Content-Type in small letters,
// without parameters, and the charset that it names, as browsers read them: of
// several types the last counts, and a charset stays if that one is the same
// type and names none (Fetch §2.2.2, extract a MIME type). Both are empty if
// there is no type.
func ParseContentType(contentType string) (mediaType, charset string) {
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

// httpSpace is white space in a header field (MIME Sniffing §4.4).
const httpSpace = " \t\r\n"

// parseMIMEType reads one type (MIME Sniffing §4.4). It is labeled if it has a
// charset, of which the first counts. The type is empty if it is none; beyond
// the standard, browsers have it end at white space, as in "text/html
// charset=utf-8".
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

// cutParameter reads the first parameter of a type (MIME Sniffing §4.4, steps
// 11.1 to 11.9). It is not ok if it has no value.
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

// quotedLength returns the length of the quoted string that s begins with. One
// without an end reaches to the end of s.
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

// Charset returns the charset that a Content-Type names, under the one name
// that the Encoding Standard has for it (§4.2). A label that the standard does
// not know, such as utf8mb4, is no label, as for browsers.
func Charset(contentType string) string {
	_, name := ParseContentType(contentType)
	if strings.EqualFold(name, DefaultCharset) {
		return DefaultCharset
	}
	if e, err := htmlindex.Get(name); err == nil {
		if known, err := htmlindex.Name(e); err == nil {
			return known
		}
	}
	return ""
}

// DefaultCharset is that of pages that name none.
const DefaultCharset = "utf-8"

// ByteOrderMark returns the charset of the byte order mark at the beginning of a
// text, and the length of the mark.
func ByteOrderMark(head []byte) (charset string, length int) {
	for _, mark := range []struct{ bytes, charset string }{
		{UTF8BOM, DefaultCharset}, {"\xfe\xff", "utf-16be"}, {"\xff\xfe", "utf-16le"},
	} {
		if bytes.HasPrefix(head, []byte(mark.bytes)) {
			return mark.charset, len(mark.bytes)
		}
	}
	return "", 0
}

// IsText reports whether a media type is one that gains from compression.
func IsText(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	return strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "+xml") ||
		strings.HasSuffix(mediaType, "/xml") || strings.HasSuffix(mediaType, "json") || strings.HasSuffix(mediaType, "javascript")
}

const (
	UTF8BOM = "\xef\xbb\xbf"
)
