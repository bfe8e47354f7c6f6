package esi

import "bytes"

// mode is the context of the next byte.
type mode int

const (
	inText     mode = iota
	inTag           // an esi: tag
	inOpaque        // a comment or a CDATA section
	inVerbatim      // an esi:text
)

// marks begin tags and special kinds of text. The last byte of "<!--esi " stands for any
// byte outside of names.
var marks = []string{"<esi:", "</esi:", "<!--esi ", "<!--esi-->", "<![CDATA["}

const maxMark = len("<!--esi-->")

// run compiles the page as far as its meaning is certain. It reads each byte once, except
// the few bytes at a possible beginning of a mark or a variable.
func (c *Compiler) run() {
	for c.at < len(c.src) && c.next() {
	}
}

// next reads one part of the page. It returns false if the part needs bytes that have not
// arrived.
func (c *Compiler) next() bool {
	switch c.mode {
	case inTag:
		return c.readTag()
	case inOpaque:
		return c.readOpaque()
	case inVerbatim:
		return c.readVerbatim()
	}
	return c.readText()
}

// readText reads text up to the end of an <!--esi or up to a mark.
func (c *Compiler) readText() bool {
	text := c.src[c.at:]
	i := bytes.IndexByte(text, '<')
	if i >= 0 {
		text = text[:i]
	}
	if c.comments > 0 {
		if end := bytes.Index(text, []byte("-->")); end >= 0 {
			c.flush(c.at+end, false)
			c.close(esiComment, c.at+end)
			c.resume(c.at + end + len("-->"))
			return true
		}
	}
	c.at += len(text)
	if i >= 0 {
		return c.readMark(c.src[c.at:])
	}
	if c.comments > 0 {
		c.at -= c.overlap(text, "-->")
	}
	return false
}

// readMark reads a mark, or a < without a mark.
func (c *Compiler) readMark(rest []byte) bool {
	switch {
	case hasPrefix(rest, "<esi:"), hasPrefix(rest, "</esi:"):
		c.mode = inTag
		c.tag.begin(c.src, c.at)
	case isESIComment(rest):
		c.flush(c.at, false)
		c.push(element{name: esiComment, offset: c.at})
		c.resume(c.at + len("<!--esi"))
	case c.undecided(rest):
		return false
	case hasPrefix(rest, "<!--"):
		c.skipPast("<!--", "-->")
	case hasPrefix(rest, "<![CDATA["):
		c.skipPast("<![CDATA[", "]]>")
	default:
		c.at++
	}
	return true
}

func hasPrefix(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}

func isESIComment(rest []byte) bool {
	const mark = "<!--esi"
	if !hasPrefix(rest, mark) || len(rest) == len(mark) {
		return false
	}
	return !isNameByte(rest[len(mark)]) || hasPrefix(rest[len(mark):], "-->")
}

// undecided reports whether the page so far ends within a mark.
func (c *Compiler) undecided(rest []byte) bool {
	if c.ended || len(rest) >= maxMark {
		return false
	}
	for _, mark := range marks {
		if len(rest) < len(mark) && string(rest) == mark[:len(rest)] {
			return true
		}
	}
	return false
}

// overlap returns the length of the partial mark at the end of the page so far.
func (c *Compiler) overlap(rest []byte, mark string) int {
	if c.ended {
		return 0
	}
	n := min(len(rest), len(mark)-1)
	for n > 0 && string(rest[len(rest)-n:]) != mark[:n] {
		n--
	}
	return n
}

// skipPast begins an opaque part of the page.
func (c *Compiler) skipPast(begin, end string) {
	c.flush(c.at, false)
	c.at += len(begin)
	c.until = end
	c.mode = inOpaque
}

// readOpaque reads an opaque part of the page. An unclosed part extends to the end of the
// page.
func (c *Compiler) readOpaque() bool {
	rest := c.src[c.at:]
	i := bytes.Index(rest, []byte(c.until))
	if i < 0 {
		c.at = len(c.src) - c.overlap(rest, c.until)
		return false
	}
	c.at += i + len(c.until)
	c.flush(c.at, false)
	c.mode = inText
	return true
}

// readTag compiles the tag at c.at.
func (c *Compiler) readTag() bool {
	t := &c.tag
	if !t.scan(c.src) {
		if !c.ended {
			return false
		}
		t.fail()
	}
	c.mode = inText
	if !t.ok {
		c.warn(c.at, "end it with >, and its values with their quotes", "this is no well-formed esi: tag, so it is text")
		c.at = t.end
		return true
	}
	c.flush(c.at, false)
	c.resume(t.end)
	if t.closing {
		c.close(t.name, t.offset)
		return true
	}
	if t.name == "text" && !t.empty {
		c.mode = inVerbatim
		c.opened = t.offset
	} else {
		c.begin(t)
	}
	c.checkAttributes(t)
	return true
}

// readVerbatim reads the content of an esi:text, which is only text.
func (c *Compiler) readVerbatim() bool {
	const mark = "</esi:text"
	if c.seen == 0 {
		rest := c.src[c.at:]
		i := bytes.Index(rest, []byte(mark))
		if i < 0 {
			c.at = len(c.src) - c.overlap(rest, mark)
			return false
		}
		c.at += i
		c.seen = len(mark)
	}
	end := skip(c.src, c.at+c.seen, isSpace)
	switch {
	case end == len(c.src) && !c.ended:
		c.seen = end - c.at
		return false
	case end < len(c.src) && c.src[end] == '>':
		c.flush(c.at, false)
		c.resume(end + 1)
		c.mode = inText
	default:
		c.at = end
	}
	c.seen = 0
	return true
}

// resume continues at offset with new text.
func (c *Compiler) resume(offset int) {
	c.at = offset
	c.text = offset
}
