package lint

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"selvedge/composer/htmltag"
)

// nesting checks the nesting of elements (HTML Living Standard §13.1.2).
type nesting struct {
	report *report
	open   []htmltag.Tag
	early  map[string]int  // number of the elements of a name that an outer end tag has closed
	before [][]htmltag.Tag // for each open choose and try, the elements that were open before
}

// maxOpen limits the depth of the elements, and by it the time for a hostile body.
const maxOpen = 256

// checkNesting finds elements that are not closed, and end tags that close nothing.
func checkNesting(r *report) {
	n := &nesting{report: r, early: make(map[string]int)}
	for t := range tags(r.body) {
		switch {
		case isESI(t):
			n.readESI(t)
		case t.IsClosing:
			n.readEnd(t)
		default:
			n.readStart(t)
		}
	}
	for _, t := range n.open {
		if !slices.Contains(optionalEnd, t.Name) && !r.isFull() {
			n.unclosed(t)
		}
	}
}

// readStart reads a start tag.
func (n *nesting) readStart(t htmltag.Tag) {
	foreign := isForeign(t) || slices.ContainsFunc(n.open, isForeign)
	closesItself := bytes.HasSuffix(t.Attributes, []byte("/"))
	switch {
	case htmltag.IsVoid(t.Name) || foreign && closesItself:
		return
	case closesItself && !endsInValue(t):
		n.report.addAt(t.Start, "html", "write <"+t.Name+"></"+t.Name+">", "the slash does not close <%s/> in HTML", t.Name)
		return
	}
	for len(n.open) > 0 && impliesEnd(t.Name, n.open[len(n.open)-1].Name) {
		n.open = n.open[:len(n.open)-1]
	}
	if len(n.open) < maxOpen {
		n.open = append(n.open, t)
	}
}

// isForeign reports whether a tag begins an element of XML within HTML.
func isForeign(t htmltag.Tag) bool { return t.Name == "svg" || t.Name == "math" }

// endsInValue reports whether the slash at the end of a tag is a part of a value without
// quotes, as in <a href=/>.
func endsInValue(t htmltag.Tag) bool {
	for _, value := range htmltag.Attributes(t.Attributes) {
		if len(value) > 0 && cap(value)-len(value) == cap(t.Attributes)-len(t.Attributes) {
			return true
		}
	}
	return false
}

// readEnd reads an end tag.
func (n *nesting) readEnd(t htmltag.Tag) {
	i := len(n.open) - 1
	for i >= 0 && n.open[i].Name != t.Name {
		i--
	}
	switch {
	case i < 0 && n.early[t.Name] > 0:
		n.early[t.Name]--
		return
	case i < 0 && len(n.open) == maxOpen:
		return
	case i < 0:
		n.report.addAt(t.Start, "html", "remove it, or add the start tag", "</%s> closes no element", t.Name)
		return
	}
	for _, inner := range n.open[i+1:] {
		if !slices.Contains(optionalEnd, inner.Name) && !n.report.isFull() {
			n.early[inner.Name]++
			n.report.addAt(inner.Start, "html", "close it before "+placeOf(n.report.body, t), "<%s> is not closed before </%s>", inner.Name, t.Name)
		}
	}
	n.open = n.open[:i]
}

// readESI reads a tag of a template. Each branch begins with the elements that are open at
// the first, because a page shows one of them.
func (n *nesting) readESI(t htmltag.Tag) {
	last := len(n.before) - 1
	switch t.Name {
	case "esi:choose", "esi:try":
		switch {
		case !t.IsClosing && len(n.before) < maxOpen:
			n.before = append(n.before, slices.Clone(n.open))
		case t.IsClosing && last >= 0:
			n.before = n.before[:last]
		}
	case "esi:when", "esi:otherwise", "esi:attempt", "esi:except":
		if !t.IsClosing && last >= 0 {
			n.open = slices.Clone(n.before[last])
		}
	}
}

// unclosed reports an element without an end tag, unless it is a live element for which that
// is reported.
func (n *nesting) unclosed(t htmltag.Tag) {
	line, column := position(n.report.body, t.Start)
	isReported := func(f Finding) bool { return f.Rule == "live-element" && f.Line == line && f.Column == column }
	if slices.ContainsFunc(n.report.findings, isReported) {
		return
	}
	n.report.addAt(t.Start, "html", "add </"+t.Name+">", "<%s> is not closed", t.Name)
}

// placeOf describes an end tag with its line and column.
func placeOf(body []byte, t htmltag.Tag) string {
	line, column := position(body, t.Start)
	return "</" + t.Name + "> at " + strconv.Itoa(line) + ":" + strconv.Itoa(column)
}

// impliesEnd reports whether a start tag closes an open element that may omit its end tag.
func impliesEnd(start, open string) bool {
	if open == "p" {
		return slices.Contains(closesP, start)
	}
	return strings.Contains(" "+closedBy[open]+" ", " "+start+" ")
}

var (
	// optionalEnd are the elements whose end tag may be omitted (HTML Living Standard
	// §13.1.2.4).
	optionalEnd = []string{
		"html", "head", "body", "p", "li", "dt", "dd", "rt", "rp", "option", "optgroup", "colgroup", "caption",
		"thead", "tbody", "tfoot", "tr", "td", "th",
	}

	// closesP are the elements before which the end tag of a paragraph may be omitted.
	closesP = []string{
		"address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figcaption", "figure", "footer",
		"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "pre", "search",
		"section", "table", "ul",
	}

	// closedBy are the start tags before which the end tag of an element may be omitted.
	closedBy = map[string]string{
		"li": "li", "dt": "dt dd", "dd": "dt dd", "rt": "rt rp", "rp": "rt rp",
		"option": "option optgroup hr", "optgroup": "optgroup hr",
		"head": "body", "caption": "colgroup thead tbody tfoot tr", "colgroup": "thead tbody tfoot tr",
		"thead": "tbody tfoot", "tbody": "tbody tfoot", "tfoot": "tbody",
		"tr": "tr tbody tfoot", "td": "td th tr tbody tfoot", "th": "td th tr tbody tfoot",
	}
)
