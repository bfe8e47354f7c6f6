package composer

import (
	"context"
	"fmt"
	"strings"
	"unique"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"

	"selvedge/composer/internal/header"
)

var inDefaultCharset = unique.Make(header.DefaultCharset)

// charset returns the standard name of the body's charset, empty if it is that
// of the page.
func (r *response) charset() string {
	if r.named == (unique.Handle[string]{}) {
		return ""
	}
	return r.named.Value()
}

func (r *response) setCharset(name string) {
	switch name {
	case "":
	case header.DefaultCharset:
		r.named = inDefaultCharset
	default:
		r.named = unique.Make(name)
	}
}

// setMark reads the charset of a body off its byte order mark, if it begins
// with one: that says more than the header (Encoding Standard §6).
func (r *response) setMark(body []byte) {
	if marked, length := header.ByteOrderMark(body); length > 0 {
		r.setCharset(marked)
	}
}

// isForeign reports whether an answer is in another charset than a page. One
// that names none is in that of its page.
func (r *response) isForeign(page string) bool { return r.charset() != "" && r.charset() != page }

// in returns the answer in the charset of a page. One that is in another is
// waited for, and its body transcoded once for each charset.
func (r *response) in(ctx context.Context, page string) (*response, error) {
	if !r.isForeign(page) {
		return r, nil
	}
	r, err := r.whole(ctx)
	if err != nil || !r.isForeign(page) {
		return r, err
	}
	return r.derived.answer(&r.derived.more().transcoded, page, func() (*response, error) {
		body, err := inCharset(r.body, r.charset(), page)
		if err != nil {
			return nil, err
		}
		found := *r
		found.setCharset(page)
		return found.finish(body, compile(body, r.isESI())), nil
	})
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

// transcoder returns the length of the byte order mark of a text that begins
// so, and what brings the rest into another charset: nil if it is in that.
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
