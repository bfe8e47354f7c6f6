package debugpanel

import (
	"fmt"
	"slices"
	"strings"

	"selvedge/composer/htmltag"
)

// Mark is a position in a page where the output of an include begins or ends.
type Mark struct {
	Offset  int // in bytes
	Include int // index in Page.Includes
	IsEnd   bool
}

// Annotate returns a page of HTML with a comment at each mark, and with a panel before the
// last end tag of body, or at its end. The marks are in the order of the page. An include has
// its two comments, or none if a comment would be text at one of them. A page that ends within
// a script, or the like, has no panel.
func Annotate(page []byte, marks []Mark, includes []Include, panel []byte) []byte {
	finder := htmltag.Finder{Name: "body"}
	end, at := -1, 0
	read := func(to int) {
		for _, offset := range finder.Find(page[at:to]) {
			end = at + offset
		}
		at = to
	}
	isText := make([]bool, len(includes))
	for _, m := range marks {
		read(m.Offset)
		isText[m.Include] = finder.InText() && (isText[m.Include] || !m.IsEnd)
	}
	read(len(page))
	switch {
	case !finder.InText():
		end, panel = len(page), nil
	case end < 0:
		end = len(page)
	}
	var out []byte
	at = 0
	for _, m := range marks {
		if !isText[m.Include] {
			continue
		}
		if at <= end && end < m.Offset {
			out = append(append(out, page[at:end]...), panel...)
			at, panel = end, nil
		}
		out = append(out, page[at:m.Offset]...)
		out = append(out, comment(m, includes[m.Include].Reference)...)
		at = m.Offset
	}
	if panel != nil {
		out = append(append(out, page[at:end]...), panel...)
		at = end
	}
	return slices.Concat(out, page[at:])
}

// comment returns the comment of a mark. It has no hyphens in a row, and no >, by which it
// would end.
func comment(m Mark, reference string) string {
	if m.IsEnd {
		return fmt.Sprintf("<!--/selvedge:%d-->", m.Include+1)
	}
	return fmt.Sprintf("<!--selvedge:%d %s -->", m.Include+1, commentText.Replace(ASCII(reference)))
}

var commentText = strings.NewReplacer("--", "%2D%2D", ">", "%3E", "<", "%3C")
