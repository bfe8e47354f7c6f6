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
}

// element is one that has begun and not yet ended.
type element struct {
	name     string
	offset   int
	segments int // how many there were when it began, itself included
	include  *Include
}

// maxNesting bounds the depth of elements in elements, and with it the depth
// of recursion in whoever runs the program. Elements further down are taken
// for ones without content.
const maxNesting = 64

// The name that <!--esi has on the stack: no element can have it.
const esiComment = "!--esi"

func (c *compiler) run() {
	c.open = make(map[string]int)
	for c.at < len(c.src) {
		c.next()
	}
	c.flush(len(c.src))
	for _, e := range c.stack {
		c.unclosed(e)
	}
}

// next moves past whatever comes next: the end of an <!--esi, something that
// begins with <, or the rest of the page.
func (c *compiler) next() {
	rest := c.src[c.at:]
	i := bytes.IndexByte(rest, '<')
	if i < 0 {
		i = len(rest)
	}
	if c.open[esiComment] > 0 {
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
	i := bytes.Index(c.src[c.at+len(begin):], []byte(end))
	if i < 0 {
		c.at = len(c.src)
		return
	}
	c.at += len(begin) + i + len(end)
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
	if t.closing {
		c.close(t.name, t.offset)
	} else {
		c.begin(&t)
	}
	c.resume(t.end)
}

func (c *compiler) begin(t *tag) {
	e := element{name: t.name, offset: t.offset}
	switch t.name {
	case "include":
		e.include = t.include(func(text string) { c.warn(t.offset, text) })
		c.segments = append(c.segments, Segment{Include: e.include})
	case "vars", "remove", "comment":
	default:
		c.warn(t.offset, "esi:"+t.name+" is unknown and was taken out")
		return
	}
	if !t.empty {
		c.push(e)
	}
}

func (c *compiler) push(e element) {
	if len(c.stack) == maxNesting {
		c.warn(e.offset, e.name+" is nested too deeply")
		return
	}
	e.segments = len(c.segments)
	c.stack = append(c.stack, e)
	c.open[e.name]++
}

// close ends the innermost open element of that name, and with it those
// inside that were never closed.
func (c *compiler) close(name string, offset int) {
	if c.open[name] == 0 {
		c.warn(offset, name+" is closed but was not open")
		return
	}
	for {
		e := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		c.open[e.name]--
		if e.name == name {
			c.fold(e)
			return
		}
		c.unclosed(e)
	}
}

// unclosed warns of an element without an end tag. An include needs none.
func (c *compiler) unclosed(e element) {
	if e.include == nil {
		c.warn(e.offset, e.name+" is not closed")
	}
}

// fold takes the content of a closed element out of the flat list.
func (c *compiler) fold(e element) {
	switch e.name {
	case "include":
		if content := c.segments[e.segments:]; len(content) > 0 {
			e.include.Fallback = &Program{Segments: append([]Segment(nil), content...)}
		}
		c.segments = c.segments[:e.segments]
	case "remove", "comment":
		c.segments = c.segments[:e.segments]
	}
}

// flush makes a segment of the text up to end.
func (c *compiler) flush(end int) {
	c.segments = appendText(c.segments, c.src[c.text:end], c.open["vars"] > 0)
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
