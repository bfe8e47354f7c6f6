package esi

import "bytes"

// mode is what the compiler is reading.
type mode int

const (
	inText     mode = iota
	inTag           // an esi: tag
	inOpaque        // a comment or a CDATA section
	inVerbatim      // an esi:text
)

// marks begin what is not text, or text of another kind. The last byte of
// <!--esi stands for any that cannot be a part of a name.
var marks = []string{"<esi:", "</esi:", "<!--esi ", "<!--esi-->", "<![CDATA["}

const maxMark = len("<!--esi-->")

// run reads what there is of the page, as far as its meaning is certain. It
// looks at no byte again, except at the few that may begin a mark or a
// variable.
func (c *Compiler) run() {
	for c.at < len(c.src) && c.next() {
	}
}

// next moves past whatever comes next. It returns false if that takes bytes
// that are not there.
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

// readText moves past text and what ends it: the end of an <!--esi, or
// something that begins with <.
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

// readMark moves past a mark, or past a < that begins none.
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

// overlap returns how much of a mark the page so far ends with.
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

// readOpaque moves behind an opaque part of the page, which goes to the page's
// end if it has no end of its own.
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
		c.warn(c.at, "this is no well-formed esi: tag, so it is text")
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

// readVerbatim moves behind an esi:text: what it encloses is text and nothing
// else.
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

// resume goes on reading at offset, where text begins anew.
func (c *Compiler) resume(offset int) {
	c.at = offset
	c.text = offset
}
