package document

import (
	"context"
	"fmt"
	"strings"
	"unique"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
)

var defaultCharset = unique.Make(header.DefaultCharset)

// Charset returns the standard name of the document's charset, or "" for the charset of
// the page.
func (h *Head) Charset() string {
	if h.charset == (unique.Handle[string]{}) {
		return ""
	}
	return h.charset.Value()
}

func charsetHandle(name string) unique.Handle[string] {
	switch name {
	case "":
		return unique.Handle[string]{}
	case header.DefaultCharset:
		return defaultCharset
	}
	return unique.Make(name)
}

// readMark sets the charset from a byte order mark at the beginning of a body. The mark
// has precedence over the header (Encoding Standard §6).
func (h *Head) readMark(body []byte) {
	if marked, length := header.ByteOrderMark(body); length > 0 {
		h.charset = charsetHandle(marked)
	}
}

// IsForeign reports whether the charset of the document differs from the charset of a
// page.
func (h *Head) IsForeign(page string) bool { return h.Charset() != "" && h.Charset() != page }

// InCharset returns the response in the charset of a page. If the charsets differ,
// InCharset waits for the body. A body is transcoded once for each charset.
func InCharset(ctx context.Context, r *cache.Response, page string) (*cache.Response, error) {
	if !Of(r).IsForeign(page) {
		return r, nil
	}
	r, err := r.Whole(ctx)
	if err != nil {
		return nil, err
	}
	d := Of(r)
	if !d.IsForeign(page) {
		return r, nil
	}
	return d.variant(&d.makeArtifacts().transcoded, page, func() (*cache.Response, error) {
		body, err := transcode(r.Body, d.Charset(), page)
		if err != nil {
			return nil, err
		}
		found := *r
		reading := AsText
		if d.IsTransformed() {
			reading = AsESI
		}
		Head{charset: charsetHandle(page), links: d.links}.Finish(&found, body, Compile(body, reading))
		return &found, nil
	})
}

// transcode returns HTML in the charset of a page. Charsets have the names of the
// Encoding Standard §4.2, which uses ISO-8859-1 as a name of windows-1252. Text without a
// charset has the charset of the page. A page without a charset has UTF-8. A byte order
// mark has precedence over a name (§6), and is removed.
//
//   - Text in the page's charset is left unchanged, even if it is malformed.
//   - In any other text, malformed bytes become U+FFFD.
//   - A character outside of the page's charset becomes a numeric character reference.
//     Inside a script, the reference is different from the character.
//
// A charset is never guessed. DetermineEncoding of golang.org/x/net/html/charset would take
// HTML without a charset for windows-1252, but a fragment without one is in that of its
// page.
//
// The error is for an unknown charset, and for a charset that transcode cannot write.
func transcode(body []byte, from, to string) ([]byte, error) {
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

// transcoder returns the length of the byte order mark of a text, and the transformer for
// the rest. The transformer is nil if the text has the charset of the page.
func transcoder(head []byte, from, to string) (mark int, t transform.Transformer, err error) {
	if to == "" {
		to = header.DefaultCharset
	}
	marked, mark := header.ByteOrderMark(head)
	if mark > 0 {
		from = marked
	}
	if from == "" || strings.EqualFold(from, to) {
		return mark, nil, nil
	}
	source, err := encodingByName(from)
	if err != nil {
		return 0, nil, err
	}
	target, err := encodingByName(to)
	if err != nil || source == target {
		return mark, nil, err
	}
	if !embeds(target) {
		return 0, nil, fmt.Errorf("nothing is brought into the charset %.40q", to)
	}
	return mark, transform.Chain(source.NewDecoder(), encoding.HTMLEscapeUnsupported(target.NewEncoder())), nil
}

func encodingByName(charset string) (encoding.Encoding, error) {
	e, err := htmlindex.Get(charset)
	if err != nil || e == encoding.Replacement {
		return nil, fmt.Errorf("the charset %.40q is not known", charset)
	}
	return e, nil
}

// HasASCII reports whether a charset contains ASCII at any position.
func HasASCII(charset string) bool {
	if charset == header.DefaultCharset {
		return true
	}
	e, err := encodingByName(charset)
	return err == nil && embeds(e)
}

// embeds reports whether an encoding contains ASCII at any position. UTF-16 does not
// contain ASCII. In ISO-2022-JP the meaning of ASCII depends on the preceding bytes, so
// that a fragment could change the meaning of the rest of its page.
func embeds(e encoding.Encoding) bool {
	if e == japanese.ISO2022JP {
		return false
	}
	ascii, err := e.NewEncoder().String("<")
	return err == nil && ascii == "<"
}
