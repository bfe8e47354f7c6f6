package workload

import (
	"fmt"
	"strconv"
	"strings"
)

// A Page is the shape of a page. Half of its bytes are those of the template,
// half are those of the fragments.
type Page struct {
	Includes int
	Size     int // of the whole page, in bytes
}

// Usual is the page by which systems are compared.
var Usual = Page{Includes: 10, Size: 31_000}

// ByIncludes and BySize are the pages by which growth is measured.
var (
	ByIncludes = []Page{{1, 31_000}, {10, 31_000}, {100, 31_000}}
	BySize     = []Page{{10, 10_000}, {10, 100_000}, {10, 1_000_000}}
)

// String returns the shape as it stands in paths: 10x31000.
func (p Page) String() string { return fmt.Sprintf("%dx%d", p.Includes, p.Size) }

// Description describes the shape for people.
func (p Page) Description() string {
	return fmt.Sprintf("%d KB, includes: %d", p.Size/1000, p.Includes)
}

// Fragment returns the text of fragment i, counted from 0.
func (p Page) Fragment(i int) string {
	return Paragraph("part "+strconv.Itoa(i), p.Size/(2*p.Includes))
}

// Text returns the text of the page, with the result of a function in the place
// of each fragment: [Page.Fragment] completes the page.
func (p Page) Text(fragment func(i int) string) string {
	own := p.Size
	for i := range p.Includes {
		own -= len(p.Fragment(i))
	}
	var b strings.Builder
	each := own / (p.Includes + 1)
	for i := range p.Includes {
		b.WriteString(Paragraph("text "+strconv.Itoa(i), each))
		b.WriteString(fragment(i))
		own -= each
	}
	b.WriteString(Paragraph("text at the end", own))
	return b.String()
}

// Paragraph returns an HTML paragraph of a size in bytes that begins with a
// name.
func Paragraph(name string, size int) string {
	const start, end = "<p>", "</p>\n"
	room := max(0, size-len(start)-len(end))
	text := name + ": " + strings.Repeat(filler, 1+room/len(filler))
	return start + text[:room] + end
}

// filler is the text of all pages and views.
var filler = strings.Repeat("A mug of stoneware, glazed by hand in moss and cream; holds 0.35 litres. ", 1000)
