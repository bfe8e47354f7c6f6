package esi

import "bytes"

// element is one that has begun and not yet ended.
type element struct {
	name   string
	offset int
	pieces int // how many there were when it began, itself included

	include   *Include // nil: one without src, whose content stays
	choose    *Choose
	try       *Try
	test      *Expression // of when
	placed    bool        // a choose or try that has a branch
	misplaced bool        // its content is dropped
}

// maxNesting bounds the depth of elements in elements, and with it the depth
// of recursion in whoever runs the program. Elements further down are taken
// for ones without content.
const maxNesting = 64

// The name that <!--esi has on the stack: no element can have it.
const esiComment = "!--esi"

// parent returns the element in which one of that name must stand, empty if
// it can stand anywhere.
func parent(name string) string {
	switch name {
	case "when", "otherwise":
		return "choose"
	case "attempt", "except":
		return "try"
	}
	return ""
}

// isBranch reports whether the element is a part of a choose or a try.
func (e element) isBranch() bool { return parent(e.name) != "" }

// expands reports whether variables in the text of the element are expanded.
func (e element) expands() bool { return e.name == "vars" || e.isBranch() }

// holds reports whether the end of the element decides what becomes of its
// content.
func (e element) holds() bool {
	return e.name != "vars" && e.name != "inline" && e.name != "include" && e.name != esiComment
}

// begin compiles a start tag.
func (c *Compiler) begin(t *tag) {
	e := element{name: t.name, offset: t.offset}
	switch t.name {
	case "include":
		if e.include = c.include(t); e.include != nil {
			c.pieces = append(c.pieces, piece{what: e.include})
		}
		if t.empty {
			return
		}
	case "choose":
		e.choose = &Choose{}
	case "try":
		e.try = &Try{Attempt: &Program{}, Except: &Program{}}
	case "when":
		e.test = c.test(t)
	case "inline":
		if len(t.attribute("name").value) == 0 {
			c.warn(t.offset, "inline has no name")
		}
	case "vars":
		c.expand(t.attribute("name"), t.end)
	case "remove", "comment", "otherwise", "attempt", "except", "text":
	default:
		c.unknownElement(t)
		return
	}
	if p := parent(t.name); p != "" && (len(c.stack) == 0 || c.stack[len(c.stack)-1].name != p) {
		c.warn(t.offset, t.name, " does not stand in a ", p, ", so it is dropped")
		e.misplaced = true
	}
	c.push(e)
	if t.empty {
		c.close(e.name, e.offset)
	}
}

// unknownElement drops a start tag. Its end tag is not worth another warning.
func (c *Compiler) unknownElement(t *tag) {
	c.warn(t.offset, "esi:", t.name, " is unknown and was taken out")
	switch {
	case len(c.warnings) == maxWarnings:
		return
	case c.unknown == nil:
		c.unknown = make(map[string]bool)
	}
	c.unknown[t.name] = true
}

func (c *Compiler) push(e element) {
	if len(c.stack) == maxNesting {
		c.warn(e.offset, e.name, " is nested too deeply")
		return
	}
	e.pieces = len(c.pieces)
	c.stack = append(c.stack, e)
	c.count(e, 1)
}

func (c *Compiler) pop() element {
	e := c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
	c.count(e, -1)
	return e
}

// count keeps the numbers of the elements that are open.
func (c *Compiler) count(e element, n int) {
	if c.open == nil {
		c.open = make(map[string]int)
	}
	c.open[e.name] += n
	if e.expands() {
		c.variables += n
	}
	if e.name == esiComment {
		c.comments += n
	}
}

// close ends the innermost open element of that name, and with it those
// inside that were never closed.
func (c *Compiler) close(name string, offset int) {
	if c.open[name] == 0 {
		if !c.unknown[name] {
			c.warn(offset, name, " is closed but was not open")
		}
		return
	}
	for {
		e := c.pop()
		if e.name == name {
			c.fold(e)
			return
		}
		c.unclosed(e)
		c.foldBranch(e)
	}
}

// end ends the elements that are open at the page's end.
func (c *Compiler) end() {
	for _, e := range c.stack {
		c.unclosed(e)
	}
	for len(c.stack) > 0 {
		c.foldBranch(c.pop())
	}
}

// unclosed warns of an element without an end tag. An include needs none, but
// what follows it waits for it (see settled).
func (c *Compiler) unclosed(e element) { c.warn(e.offset, e.name, " is not closed") }

// fold takes the content of a closed element out of the list.
func (c *Compiler) fold(e element) {
	switch e.name {
	case "include":
		if e.include == nil {
			return
		}
		if content := c.cut(e.pieces); len(content.Segments) > 0 {
			e.include.Fallback = content
		}
	case "remove", "comment":
		c.pieces = c.pieces[:e.pieces]
	case "choose", "try":
		c.onlyBranches(e)
	default:
		c.foldBranch(e)
	}
}

// cut takes the end of the list away as a program.
func (c *Compiler) cut(from int) *Program {
	content := &Program{Segments: c.segments(c.pieces[from:])}
	c.pieces = c.pieces[:from]
	return content
}

// foldBranch gives a branch to its choose or try. One that is never closed
// ends with what it stands in, so that what it guards is never shown without
// its test.
func (c *Compiler) foldBranch(e element) {
	if !e.isBranch() {
		return
	}
	content := c.cut(e.pieces)
	if e.misplaced {
		return
	}
	around := &c.stack[len(c.stack)-1]
	if !around.placed {
		// Here it is if it is never closed.
		around.placed = true
		c.pieces = append(c.pieces, around.piece())
	}
	switch {
	case e.name == "when" && e.test != nil:
		around.choose.When = append(around.choose.When, When{e.test, content})
	case e.name == "otherwise" && around.choose.Otherwise == nil:
		around.choose.Otherwise = content
	case e.name == "attempt" && len(around.try.Attempt.Segments) == 0:
		*around.try.Attempt = *content
	case e.name == "except" && len(around.try.Except.Segments) == 0:
		*around.try.Except = *content
	case e.name != "when":
		c.warn(e.offset, "there is another ", e.name, " already, so this one is dropped")
	}
}

// piece returns what stands for a choose or a try.
func (e element) piece() piece {
	if e.try != nil {
		return piece{what: e.try}
	}
	return piece{what: e.choose}
}

// onlyBranches drops what stands in a choose or a try beside its branches.
func (c *Compiler) onlyBranches(e element) {
	for _, p := range c.pieces[e.pieces:] {
		branches := p == e.piece()
		blank := p.what == nil && len(bytes.TrimSpace(c.src[p.start:p.end])) == 0
		if !branches && !blank {
			c.warn(e.offset, "what stands in ", e.name, " beside its branches is dropped")
			break
		}
	}
	c.pieces = c.pieces[:e.pieces]
	if e.placed {
		c.pieces = append(c.pieces, e.piece())
	}
}
