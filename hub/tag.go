package hub

import (
	"bytes"
	"slices"
	"strings"
)

// A tag is the start or end tag of an element within a body of HTML. It is
// found without building a tree.
type tag struct {
	name       string // in lower case
	start, end int    // from < to behind >
	next       int    // where the search continues: behind the content of a raw text element
	closing    bool
	attributes []byte
}

// voidElements are the elements without content (HTML Living Standard §13.1.2).
var voidElements = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// rawTextElements are the elements whose content is text, even if it looks like
// markup.
var rawTextElements = []string{"script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"}

// nextTag returns the first tag at or after from.
func nextTag(body []byte, from int) (tag, bool) {
	for from < len(body) {
		i := bytes.IndexByte(body[from:], '<')
		if i < 0 {
			break
		}
		from += i
		if end := skipMarkup(body, from); end > from {
			from = end
			continue
		}
		if startsTag(body, from) {
			return readTag(body, from)
		}
		from++
	}
	return tag{}, false
}

// startsTag reports whether a parser takes the < at i for a tag.
func startsTag(body []byte, i int) bool {
	i++
	if i < len(body) && body[i] == '/' {
		i++
	}
	return i < len(body) && isLetter(body[i])
}

// skipMarkup returns the position behind the comment, document type or
// processing instruction at i, or i if there is none.
func skipMarkup(body []byte, i int) int {
	end := ">"
	switch rest := body[i:]; {
	case bytes.HasPrefix(rest, []byte("<!-->")), bytes.HasPrefix(rest, []byte("<!--->")):
	case bytes.HasPrefix(rest, []byte("<!--")):
		end = "-->"
	case bytes.HasPrefix(rest, []byte("<!")), bytes.HasPrefix(rest, []byte("<?")):
	default:
		return i
	}
	n := bytes.Index(body[i:], []byte(end))
	if n < 0 {
		return len(body)
	}
	return i + n + len(end)
}

// skipBlank returns the position of the first byte at or after i that is
// visible to a reader or begins a tag.
func skipBlank(body []byte, i int) int {
	for {
		before := i
		for i < len(body) && isSpace(body[i]) {
			i++
		}
		if bytes.HasPrefix(body[i:], []byte("\ufeff")) {
			i += len("\ufeff")
		}
		if i < len(body) {
			i = skipMarkup(body, i)
		}
		if i == before {
			return i
		}
	}
}

// readTag reads the tag at i. It reports false if the tag does not end.
func readTag(body []byte, i int) (tag, bool) {
	t := tag{start: i}
	p := i + 1
	if p < len(body) && body[p] == '/' {
		t.closing = true
		p++
	}
	name := p
	for p < len(body) && !isSpace(body[p]) && body[p] != '/' && body[p] != '>' {
		p++
	}
	t.name = strings.ToLower(string(body[name:p]))
	end := tagEnd(body, p)
	if end < 0 {
		return tag{}, false
	}
	t.attributes, t.end = body[p:end], end+1
	t.next = t.end
	if !t.closing && slices.Contains(rawTextElements, t.name) {
		t.next = rawEnd(body, t.end, t.name)
	}
	return t, true
}

// tagEnd returns the position of the > that ends a tag whose attributes begin
// at i, or -1.
func tagEnd(body []byte, i int) int {
	for i < len(body) && body[i] != '>' {
		a := readAttribute(body, i)
		if a.next < 0 {
			return -1
		}
		i = a.next
	}
	if i >= len(body) {
		return -1
	}
	return i
}

// An attribute is an attribute of a tag. Next is the position behind it, or -1
// if its quotes are not closed.
type attribute struct {
	name, value []byte
	next        int
}

// readAttribute reads the attribute at i, or skips a byte outside of
// attributes.
func readAttribute(b []byte, i int) attribute {
	start := i
	for i < len(b) && !isSpace(b[i]) && b[i] != '>' && b[i] != '/' && (b[i] != '=' || i == start) {
		i++
	}
	a := attribute{name: b[start:i], next: i}
	if i == start {
		a.next++
		return a
	}
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i >= len(b) || b[i] != '=' {
		return a
	}
	for i++; i < len(b) && isSpace(b[i]); i++ {
	}
	if i < len(b) && (b[i] == '"' || b[i] == '\'') {
		n := bytes.IndexByte(b[i+1:], b[i])
		if n < 0 {
			a.next = -1
			return a
		}
		a.value, a.next = b[i+1:i+1+n], i+n+2
		return a
	}
	start = i
	for i < len(b) && !isSpace(b[i]) && b[i] != '>' {
		i++
	}
	a.value, a.next = b[start:i], i
	return a
}

// attributeValue returns the value of an attribute.
func (t tag) attributeValue(name string) (string, bool) {
	for i := 0; i < len(t.attributes); {
		a := readAttribute(t.attributes, i)
		if strings.EqualFold(string(a.name), name) {
			return string(a.value), true
		}
		i = a.next
	}
	return "", false
}

// rawEnd returns the position of the end tag of a raw text element.
func rawEnd(body []byte, i int, name string) int {
	for {
		n := bytes.Index(body[i:], []byte("</"))
		if n < 0 {
			return len(body)
		}
		i += n
		if rest := body[i+2:]; len(rest) >= len(name) && strings.EqualFold(string(rest[:len(name)]), name) {
			return i
		}
		i += 2
	}
}

// elementEnd returns the position behind the element started by t, or -1 if the
// element is not closed. It counts tags of the same name.
func elementEnd(body []byte, t tag) int {
	selfClosing := bytes.HasSuffix(t.attributes, []byte("/")) && (t.name == "svg" || t.name == "math")
	if selfClosing || slices.Contains(voidElements, t.name) {
		return t.end
	}
	depth := 1
	for {
		next, ok := nextTag(body, t.next)
		if !ok {
			return -1
		}
		t.next = next.next
		if next.name != t.name {
			continue
		}
		if !next.closing {
			depth++
		} else if depth--; depth == 0 {
			return next.end
		}
	}
}

// withoutTags returns a body with a space in place of each tag, and without the
// content of raw text elements.
func withoutTags(body []byte) []byte {
	var text []byte
	for i := 0; ; {
		t, ok := nextTag(body, i)
		if !ok {
			return append(text, body[i:]...)
		}
		text = append(append(text, body[i:t.start]...), ' ')
		i = t.next
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f' }

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
