package esi

import "bytes"

// element is an open element.
type element struct {
	name   string
	offset int
	pieces int // number of pieces before its content, its own included

	include   *Include // nil for an include without an address, whose content stays
	choose    *Choose
	try       *Try
	test      *Expression // of a when
	placed    bool        // a choose or try has a branch
	misplaced bool        // the content is dropped
}

// maxNesting limits the depth of nested elements, and thereby the depth of recursion in
// running the program. A deeper element is treated as an element without content.
const maxNesting = 64

// esiComment is the name of <!--esi on the stack. An element cannot have this name.
const esiComment = "!--esi"

// parent returns the name of the required parent element, or "" if an element may stand
// anywhere.
func parent(name string) string {
	switch name {
	case "when", "otherwise":
		return "choose"
	case "attempt", "except":
		return "try"
	}
	return ""
}

// isBranch reports whether the element is a branch of a choose or a try.
func (e element) isBranch() bool { return parent(e.name) != "" }

// expands reports whether variables in the text of the element are expanded.
func (e element) expands() bool { return e.name == "vars" || e.isBranch() }

// holds reports whether the content of the element is undecided until its end.
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
			c.warn(t.offset, "give it a name", "inline has no name")
		}
	case "vars":
		c.expand(t.attribute("name"), t.end)
	case "remove", "comment", "otherwise", "attempt", "except", "text":
	default:
		c.unknownElement(t)
		return
	}
	if p := parent(t.name); p != "" && (len(c.stack) == 0 || c.stack[len(c.stack)-1].name != p) {
		c.warn(t.offset, "move it into <esi:"+p+">", t.name, " does not stand in a ", p, ", so it is dropped")
		e.misplaced = true
	}
	c.push(e)
	if t.empty {
		c.close(e.name, e.offset)
	}
}

// unknownElement takes out a start tag. Its end tag gets no further warning.
func (c *Compiler) unknownElement(t *tag) {
	c.warn(t.offset, similar("esi:", t.name, names), "esi:", t.name, " is unknown and was taken out")
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
		c.warn(e.offset, "leave out elements around it", e.name, " is nested too deeply")
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

// count updates the numbers of open elements.
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

// close ends the innermost open element of the name, and all unclosed elements in it.
func (c *Compiler) close(name string, offset int) {
	if c.open[name] == 0 {
		if !c.unknown[name] {
			c.warn(offset, "remove the end tag", name, " is closed but was not open")
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

// end ends the elements still open at the end of the page.
func (c *Compiler) end() {
	for _, e := range c.stack {
		c.unclosed(e)
	}
	for len(c.stack) > 0 {
		c.foldBranch(c.pop())
	}
}

// unclosed warns of an element without an end tag. The end tag of an include is optional,
// but the text after the include waits for its end (see settled).
func (c *Compiler) unclosed(e element) {
	advice := "add </esi:" + e.name + ">"
	switch e.name {
	case "include":
		advice = "end its tag with />, or " + advice
	case esiComment:
		advice = "add -->"
	}
	c.warn(e.offset, advice, e.name, " is not closed")
}

// fold folds the pieces of a closed element.
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

// cut removes the last pieces and returns them as a program.
func (c *Compiler) cut(from int) *Program {
	content := &Program{Segments: c.segments(c.pieces[from:])}
	c.pieces = c.pieces[:from]
	return content
}

// foldBranch moves a branch into its choose or try. An unclosed branch ends with the
// element around it, so that its content is never shown without its test.
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
		// The choose or try has its place here if it is never closed.
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
		c.warn(e.offset, "remove one of them", "there is another ", e.name, " already, so this one is dropped")
	}
}

// piece returns the piece of a choose or a try.
func (e element) piece() piece {
	if e.try != nil {
		return piece{what: e.try}
	}
	return piece{what: e.choose}
}

// onlyBranches drops the content of a choose or a try beside its branches.
func (c *Compiler) onlyBranches(e element) {
	for _, p := range c.pieces[e.pieces:] {
		branches := p == e.piece()
		blank := p.what == nil && len(bytes.TrimSpace(c.src[p.start:p.end])) == 0
		if !branches && !blank {
			c.warn(e.offset, "move it into a branch, or out of the element", "what stands in ", e.name, " beside its branches is dropped")
			break
		}
	}
	c.pieces = c.pieces[:e.pieces]
	if e.placed {
		c.pieces = append(c.pieces, e.piece())
	}
}
