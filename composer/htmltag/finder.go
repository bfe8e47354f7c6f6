package htmltag

import (
	"bytes"
	"slices"
)

// A Finder finds the end tags of an element in a body that arrives in pieces, where [Next]
// finds them in the whole body. An end tag counts once the byte after its name is read. The
// zero value with a Name is at the beginning of a body.
type Finder struct {
	Name string // in lower case, at most 32 bytes; no raw text element

	context context
	name    []byte // of the tag that is being read
	closing bool   // the tag is an end tag
	start   int    // of the tag, from the beginning of the piece
	raw     string // the name of the open raw text element
	dashes  int    // - bytes at the end of the comment so far
	named   bool   // an attribute has begun
	quote   byte   // around the value of the attribute
	head    bool   // the head is open
}

// context is the context of the next byte of a body.
type context uint8

const (
	inText context = iota
	afterLess
	afterSlash
	inName
	inAttributes
	afterEquals
	inBareValue
	inQuotes
	inDeclaration // behind <! or <!-
	inComment
	inBogusComment // up to the next >
	inRaw
	inRawLess
	inRawEnd // behind </ of a raw text element
)

// maxTagName bounds the kept part of a name, in bytes.
const maxTagName = 32

// Find reads the next piece, and returns the offsets of the end tags. The offset of a tag
// that begins in a previous piece is negative.
func (f *Finder) Find(piece []byte) []int {
	var found []int
	for i := 0; i < len(piece); i++ {
		if stop, ok := f.next(); ok {
			n := bytes.IndexByte(piece[i:], stop)
			if n < 0 {
				break
			}
			i += n
		}
		if f.read(piece[i], i) {
			found = append(found, f.start)
		}
	}
	f.start -= len(piece)
	return found
}

// InText reports whether the body so far ends in text, where a tag or a comment may stand: not
// in a tag, a comment, or the content of a raw text element such as title or script.
func (f *Finder) InText() bool { return f.context == inText }

// InHead reports whether the body so far ends in an open head element.
func (f *Finder) InHead() bool { return f.head }

// Undecided returns the number of bytes at the end of the body so far that the next piece
// may complete to an end tag.
func (f *Finder) Undecided() int {
	switch {
	case f.context == afterLess, f.context == afterSlash:
		return -f.start
	case f.context == inName && f.closing && len(f.name) <= len(f.Name) && f.Name[:len(f.name)] == string(f.name):
		return -f.start
	}
	return 0
}

// Interrupt separates the previous piece from the next: no tag begins in the one and has
// its name in the other.
func (f *Finder) Interrupt() {
	switch f.context {
	case afterLess, afterSlash:
		f.context = inText
	case inName:
		f.context, f.named = inAttributes, false
		f.name = append(f.name[:0], '?') // no name of an element
	case inDeclaration:
		f.context = inBogusComment
	case inRawLess, inRawEnd:
		f.context = inRaw
	}
}

// next returns the byte before which the context cannot change, if there is only one.
func (f *Finder) next() (stop byte, ok bool) {
	switch f.context {
	case inText, inRaw:
		return '<', true
	case inBogusComment:
		return '>', true
	case inQuotes:
		return f.quote, true
	}
	return 0, false
}

// read reads the byte at offset i of a piece, and reports whether the byte ends the name of
// an end tag.
func (f *Finder) read(c byte, i int) (found bool) {
	switch f.context {
	case inText:
		f.start, f.context = i, afterLess
	case afterLess:
		f.readLess(c, i)
	case afterSlash:
		f.beginName(c, i, true)
	case inName:
		return f.readName(c)
	case inAttributes, afterEquals, inBareValue, inQuotes:
		f.readAttributes(c)
	case inDeclaration, inComment, inBogusComment:
		f.readComment(c)
	case inRaw, inRawLess, inRawEnd:
		f.readRaw(c, i)
	}
	return false
}

// readLess reads the byte after a <.
func (f *Finder) readLess(c byte, i int) {
	switch c {
	case '/':
		f.context = afterSlash
	case '!':
		f.context, f.dashes = inDeclaration, 0
	case '?':
		f.context = inBogusComment
	default:
		f.beginName(c, i, false)
	}
}

// beginName reads the first byte of a name, or text that is not a tag.
func (f *Finder) beginName(c byte, i int, closing bool) {
	switch {
	case isLetter(c):
		f.context, f.closing, f.name = inName, closing, append(f.name[:0], c|0x20)
	case c == '<':
		f.start, f.context = i, afterLess
	default:
		f.context = inText
	}
}

// readName reads a byte of a name, or the byte after the name.
func (f *Finder) readName(c byte) (found bool) {
	if !isSpace(c) && c != '/' && c != '>' {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if len(f.name) <= maxTagName {
			f.name = append(f.name, c)
		}
		return false
	}
	switch string(f.name) {
	case "head":
		f.head = !f.closing
	case "body":
		f.head = f.head && f.closing
	}
	f.context, f.named = inAttributes, false
	f.readAttributes(c)
	return f.closing && string(f.name) == f.Name
}

// readAttributes reads a byte of a tag after the name.
func (f *Finder) readAttributes(c byte) {
	switch {
	case f.context == inQuotes:
		f.context, f.named = inAttributes, false // c is the second quote
	case f.context == afterEquals && isSpace(c):
	case f.context == afterEquals && (c == '"' || c == '\''):
		f.context, f.quote = inQuotes, c
	case c == '>':
		f.endTag()
	case f.context == afterEquals:
		f.context = inBareValue
	case f.context == inBareValue:
		if isSpace(c) {
			f.context, f.named = inAttributes, false
		}
	case c == '=' && f.named:
		f.context = afterEquals
	case c == '/':
		f.named = false
	case !isSpace(c):
		f.named = true
	}
}

// endTag ends a tag.
func (f *Finder) endTag() {
	f.context = inText
	if i := slices.Index(rawTextElements, string(f.name)); i >= 0 && !f.closing {
		f.context, f.raw = inRaw, rawTextElements[i]
	}
}

// readComment reads a byte of a comment, a document type or a processing instruction.
func (f *Finder) readComment(c byte) {
	switch {
	case c == '>' && (f.context != inComment || f.dashes >= 2):
		f.context = inText
	case f.context == inDeclaration && c != '-':
		f.context = inBogusComment
	case c == '-':
		if f.dashes++; f.dashes == 2 {
			f.context = inComment
		}
	default:
		f.dashes = 0
	}
}

// readRaw reads a byte of a raw text element.
func (f *Finder) readRaw(c byte, i int) {
	switch {
	case c == '<':
		f.start, f.context = i, inRawLess
	case f.context == inRawLess && c == '/':
		f.context, f.name = inRawEnd, f.name[:0]
	case f.context == inRawEnd && len(f.name) < len(f.raw) && c|0x20 == f.raw[len(f.name)]:
		if f.name = append(f.name, c|0x20); len(f.name) == len(f.raw) {
			f.context, f.closing = inName, true
		}
	default:
		f.context = inRaw
	}
}
