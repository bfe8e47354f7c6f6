package header

import (
	"bytes"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// Charset returns the charset of a Content-Type by its name in the Encoding Standard
// (§4.2). As in browsers it is empty for an unknown label, such as utf8mb4.
func Charset(contentType string) string {
	_, name := ParseContentType(contentType)
	if name == DefaultCharset || strings.EqualFold(name, DefaultCharset) {
		return DefaultCharset
	}
	if e, err := htmlindex.Get(name); err == nil {
		if known, err := htmlindex.Name(e); err == nil {
			return known
		}
	}
	return ""
}

// DefaultCharset is the charset of a page that names none.
const DefaultCharset = "utf-8"

// ByteOrderMark returns the charset and the length, in bytes, of the byte order mark
// at the start of a text: "" and 0 without a mark.
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

// UTF8BOM is the byte order mark of UTF-8.
const UTF8BOM = "\xef\xbb\xbf"
