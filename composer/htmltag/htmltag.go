package htmltag

import (
	"bytes"
	"iter"
	"slices"
	"strings"
)

// A Tag is a start or end tag within a body of HTML.
type Tag struct {
	Name       string // in lower case
	Start, End int    // from < to behind >
	Next       int    // where a search continues: behind the content of a raw text element
	IsClosing  bool
	Attributes []byte // the text between name and >
}

// voidElements are the elements without content (HTML Living Standard §13.1.2).
var voidElements = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// IsVoid reports whether an element, by its name in lower case, has no content and no end
// tag.
func IsVoid(name string) bool { return slices.Contains(voidElements, name) }

// rawTextElements are the elements whose content is text, even if it looks like
// markup.
var rawTextElements = []string{"script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"}

// Next returns the first Tag at or after from.
func Next(body []byte, from int) (Tag, bool) {
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
		if IsStart(body, from) {
			return Read(body, from)
		}
		from++
	}
	return Tag{}, false
}

// First returns the text behind the name of the first start tag, up to the end of body.
func First(body []byte) ([]byte, bool) {
	for i := 0; i < len(body); {
		n := bytes.IndexByte(body[i:], '<')
		if n < 0 {
			break
		}
		i += n
		if end := skipMarkup(body, i); end > i {
			i = end
			continue
		}
		i++
		if i < len(body) && isLetter(body[i]) {
			return body[nameEnd(body, i):], true
		}
	}
	return nil, false
}

// nameEnd returns the end of the name of a tag or element at i.
func nameEnd(body []byte, i int) int {
	for i < len(body) && !isSpace(body[i]) && body[i] != '/' && body[i] != '>' {
		i++
	}
	return i
}

// IsStart reports whether a parser takes the < at i for a tag.
func IsStart(body []byte, i int) bool {
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

// SkipBlank returns the position of the first byte at or after i that is
// visible to a reader or begins a tag.
func SkipBlank(body []byte, i int) int {
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

// Read reads the tag at i. It reports false if the tag does not end.
func Read(body []byte, i int) (Tag, bool) {
	t := Tag{Start: i}
	p := i + 1
	if p < len(body) && body[p] == '/' {
		t.IsClosing = true
		p++
	}
	name := p
	p = nameEnd(body, p)
	t.Name = strings.ToLower(string(body[name:p]))
	end := tagEnd(body, p)
	if end < 0 {
		return Tag{}, false
	}
	t.Attributes, t.End = body[p:end], end+1
	t.Next = t.End
	if !t.IsClosing && slices.Contains(rawTextElements, t.Name) {
		t.Next = rawEnd(body, t.End, t.Name)
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

// Attribute returns the value of an attribute.
func (t Tag) Attribute(name string) (string, bool) {
	for other, value := range Attributes(t.Attributes) {
		if strings.EqualFold(string(other), name) {
			return string(value), true
		}
	}
	return "", false
}

// Attributes yields the names and values of the attributes in the text of a start tag
// behind its name, up to its >. The text may end before the tag does.
func Attributes(text []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for i := 0; i < len(text) && text[i] != '>'; {
			a := readAttribute(text, i)
			if a.next < 0 || len(a.name) > 0 && !yield(a.name, a.value) {
				return
			}
			i = a.next
		}
	}
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

// ElementEnd returns the position behind the element started by t, or -1 if the
// element is not closed. It counts tags of the same name.
func ElementEnd(body []byte, t Tag) int {
	selfClosing := bytes.HasSuffix(t.Attributes, []byte("/")) && (t.Name == "svg" || t.Name == "math")
	if selfClosing || IsVoid(t.Name) {
		return t.End
	}
	depth := 1
	for {
		next, ok := Next(body, t.Next)
		if !ok {
			return -1
		}
		t.Next = next.Next
		if next.Name != t.Name {
			continue
		}
		if !next.IsClosing {
			depth++
		} else if depth--; depth == 0 {
			return next.End
		}
	}
}

// WithoutTags returns a body with a space in place of each tag, and without the
// content of raw text elements.
func WithoutTags(body []byte) []byte {
	var text []byte
	for i := 0; ; {
		t, ok := Next(body, i)
		if !ok {
			return append(text, body[i:]...)
		}
		text = append(append(text, body[i:t.Start]...), ' ')
		i = t.Next
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f' }

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
