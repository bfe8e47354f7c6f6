package esi

import "bytes"

// Compile compiles a page. The program keeps referring to src, which must not
// change afterwards. See the package's documentation for what a page can do
// to it.
func Compile(src []byte) *Program {
	c := compiler{src: src}
	c.run()
	return &Program{Segments: c.segments, Warnings: c.warnings}
}

// compiler reads a page from left to right. What it has read stands in one
// flat list of segments; closing an element folds the end of that list, so an
// element that is never closed needs no repair and no segment moves more
// often than it is nested.
type compiler struct {
	src      []byte
	segments []Segment
	warnings []Warning

	at    int // what is before it has been read
	text  int // where the text begins that is not yet a segment
	stack []element
	open  map[string]int // names on the stack

	variables int // elements on the stack in which text has variables
	comments  int // <!--esi on the stack
	patterns  int // compiled so far
}

func (c *compiler) run() {
	c.open = make(map[string]int)
	for c.at < len(c.src) {
		c.next()
	}
	c.flush(len(c.src))
	c.end()
}

// next moves past whatever comes next: the end of an <!--esi, something that
// begins with <, or the rest of the page.
func (c *compiler) next() {
	rest := c.src[c.at:]
	i := bytes.IndexByte(rest, '<')
	if i < 0 {
		i = len(rest)
	}
	if c.comments > 0 {
		if end := bytes.Index(rest[:i], []byte("-->")); end >= 0 {
			c.flush(c.at + end)
			c.close(esiComment, c.at+end)
			c.resume(c.at + end + len("-->"))
			return
		}
	}
	c.at += i
	rest = rest[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("<esi:")), bytes.HasPrefix(rest, []byte("</esi:")):
		c.tag()
	case isESIComment(rest):
		c.flush(c.at)
		c.push(element{name: esiComment, offset: c.at})
		c.resume(c.at + len("<!--esi"))
	case bytes.HasPrefix(rest, []byte("<!--")):
		c.skipPast("<!--", "-->")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		c.skipPast("<![CDATA[", "]]>")
	case len(rest) > 0:
		c.at++
	}
}

func isESIComment(rest []byte) bool {
	const mark = "<!--esi"
	return bytes.HasPrefix(rest, []byte(mark)) && len(rest) > len(mark) && !isNameByte(rest[len(mark)])
}

// skipPast moves behind an opaque part of the page, or to the page's end if it
// has no end of its own.
func (c *compiler) skipPast(begin, end string) {
	start := c.at
	i := bytes.Index(c.src[start+len(begin):], []byte(end))
	if i < 0 {
		c.at = len(c.src)
	} else {
		c.at = start + len(begin) + i + len(end)
	}
	if c.variables > 0 {
		c.flush(start)
		c.copy(start, c.at)
	}
}

// tag compiles the tag at c.at.
func (c *compiler) tag() {
	t, ok := scanTag(c.src, c.at)
	if !ok {
		c.warn(c.at, "this is no well-formed esi: tag, so it is text")
		c.at = t.end
		return
	}
	c.flush(c.at)
	c.resume(t.end)
	switch {
	case t.closing:
		c.close(t.name, t.offset)
	case t.name == "text" && !t.empty:
		c.verbatim(&t)
	default:
		c.begin(&t)
	}
}

// verbatim compiles an esi:text: what it encloses is text and nothing else.
func (c *compiler) verbatim(t *tag) {
	at := t.end
	for {
		i := bytes.Index(c.src[at:], []byte("</esi:text"))
		if i < 0 {
			c.warn(t.offset, "text is not closed")
			c.copy(t.end, len(c.src))
			return
		}
		at += i
		end := skip(c.src, at+len("</esi:text"), isSpace)
		if end < len(c.src) && c.src[end] == '>' {
			c.copy(t.end, at)
			c.resume(end + 1)
			return
		}
		at = end
	}
}

// copy makes a segment of an opaque part of the page and goes on reading
// behind it.
func (c *compiler) copy(start, end int) {
	c.segments = appendText(c.segments, c.src[start:end], false)
	c.resume(end)
}

// flush makes a segment of the text up to end.
func (c *compiler) flush(end int) {
	c.segments = appendText(c.segments, c.src[c.text:end], c.variables > 0)
	c.text = end
}

// resume goes on reading at offset, where text begins anew.
func (c *compiler) resume(offset int) {
	c.at = offset
	c.text = offset
}

func (c *compiler) warn(offset int, text string) {
	if len(c.warnings) < maxWarnings {
		c.warnings = append(c.warnings, warningAt(c.src, offset, text))
	}
}
