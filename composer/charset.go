package composer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"
)

// charsetOf returns the charset that a Content-Type names, or "". It reads
// also one whose other parameters are broken, as browsers do.
func charsetOf(contentType string) string {
	for contentType != "" {
		var parameter string
		parameter, contentType = cutElement(contentType, ';')
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "charset") {
			return unquote(strings.TrimSpace(value))
		}
	}
	return ""
}

// inCharset returns HTML in the charset of the page that it is for. Charsets
// have the names of the Encoding Standard §4.2, for which ISO-8859-1 is
// windows-1252. Without a name, text is in the page's charset, and a page in
// UTF-8. A byte order mark says more than a name (§6), and is dropped.
//
// Text that is in the page's charset is returned as it is, even if it is
// broken. In other text, bytes that mean nothing become U+FFFD, and what the
// page's charset does not have becomes a numeric character reference, which is
// not the same inside a script. The error is for charsets that are not known,
// or cannot be had.
func inCharset(body []byte, from, to string) ([]byte, error) {
	mark, transformer, err := transcoder(body, from, to)
	if err != nil {
		return nil, err
	}
	body = body[mark:]
	if transformer == nil {
		return body, nil
	}
	body, _, err = transform.Bytes(transformer, body)
	return body, err
}

// charsetReader is inCharset for a body that is read as it comes. Nothing is
// read before the first Read, which is also what returns the error.
func charsetReader(body io.Reader, from, to string) io.Reader {
	return &charsetBody{source: bufio.NewReader(body), from: from, to: to}
}

type charsetBody struct {
	source   *bufio.Reader
	from, to string
	text     io.Reader // nil before the first Read
}

func (c *charsetBody) Read(p []byte) (int, error) {
	if c.text == nil {
		head, err := c.source.Peek(len(utf8BOM))
		if err != nil && err != io.EOF { //nolint:errorlint // an error that wraps io.EOF is not the end
			return 0, err
		}
		mark, transformer, err := transcoder(head, c.from, c.to)
		if err != nil {
			return 0, err
		}
		_, _ = c.source.Discard(mark) // which is there
		c.text = c.source
		if transformer != nil {
			c.text = transform.NewReader(c.source, transformer)
		}
	}
	return c.text.Read(p)
}

// transcoder returns the length of the byte order mark of a text that begins
// so, and what brings the rest into another charset: nil if it is in that.
func transcoder(head []byte, from, to string) (mark int, t transform.Transformer, err error) {
	if to == "" {
		to = "utf-8"
	}
	marked, mark := markOf(head)
	if mark > 0 {
		from = marked
	}
	if from == "" || strings.EqualFold(from, to) {
		return mark, nil, nil
	}
	source, err := encodingNamed(from)
	if err != nil {
		return 0, nil, err
	}
	target, err := encodingNamed(to)
	if err != nil || source == target {
		return mark, nil, err
	}
	if !embeds(target) {
		return 0, nil, fmt.Errorf("nothing is brought into the charset %.40q", to)
	}
	return mark, transform.Chain(source.NewDecoder(), encoding.HTMLEscapeUnsupported(target.NewEncoder())), nil
}

// markOf returns the charset of the byte order mark at the beginning of a
// text, and the length of the mark.
func markOf(head []byte) (charset string, length int) {
	for _, mark := range []struct{ bytes, charset string }{
		{utf8BOM, "utf-8"}, {"\xfe\xff", "utf-16be"}, {"\xff\xfe", "utf-16le"},
	} {
		if bytes.HasPrefix(head, []byte(mark.bytes)) {
			return mark.charset, len(mark.bytes)
		}
	}
	return "", 0
}

func encodingNamed(charset string) (encoding.Encoding, error) {
	e, err := htmlindex.Get(charset)
	if err != nil || e == encoding.Replacement {
		return nil, fmt.Errorf("the charset %.40q is not known", charset)
	}
	return e, nil
}

// embeds reports whether ASCII is itself in an encoding, wherever it stands.
// It is not in UTF-16, whose tags no template has, and in ISO-2022-JP it
// depends on what is before: a fragment could change the meaning of its page.
func embeds(e encoding.Encoding) bool {
	if e == japanese.ISO2022JP {
		return false
	}
	ascii, err := e.NewEncoder().String("<")
	return err == nil && ascii == "<"
}
