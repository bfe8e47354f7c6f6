package page

import (
	"bytes"
	"errors"
	"html"
	"strings"

	"selvedge/composer/esi"
	"selvedge/composer/htmltag"
	"selvedge/composer/internal/document"
)

// LiveElement is the HTML that makes a page live. It is read-only.
type LiveElement struct {
	text          string
	before, after []byte // the page token
	hasToken      bool

	// The addresses of its script and of its connection, without the page token; "" if
	// absent.
	script, connection string
}

// tokenMark stands for the page token in the text of a live element.
const tokenMark = "$(" + document.PageVariable + ")"

// NewLiveElement returns the live element with a text: HTML in ASCII, so that it has the
// charset of each page, and with one token at most. The result for "" is nil.
func NewLiveElement(text string) (*LiveElement, error) {
	switch {
	case text == "":
		return nil, nil
	case strings.Count(text, tokenMark) > 1:
		return nil, errors.New("it has the page token twice")
	case strings.ContainsFunc(text, func(r rune) bool { return r > '~' }):
		return nil, errors.New("it is not in ASCII: other characters are written as character references, such as &eacute;")
	}
	before, after, hasToken := strings.Cut(text, tokenMark)
	l := &LiveElement{text: text, before: []byte(before), after: []byte(after), hasToken: hasToken}
	l.findAddresses()
	return l, nil
}

// findAddresses finds the address of the first script, and the first address with the token.
func (l *LiveElement) findAddresses() {
	body := []byte(l.text)
	for tag, ok := htmltag.Next(body, 0); ok; tag, ok = htmltag.Next(body, tag.Next) {
		for name, value := range htmltag.Attributes(tag.Attributes) {
			text := html.UnescapeString(string(value))
			switch address, _, hasToken := strings.Cut(text, tokenMark); {
			case hasToken && l.connection == "":
				l.connection, _, _ = strings.Cut(address, "?")
			case tag.Name == "script" && bytes.EqualFold(name, []byte("src")) && l.script == "":
				l.script = text
			}
		}
	}
}

// writeLive writes the live element.
func (pr *pageRequest) writeLive(pw *pageWriter) error {
	l := pr.options.Live
	pw.isPersonal, pr.isLive = true, true
	pw.policy.AddText(l.text)
	err := pw.text(l.before, nil)
	if err == nil && l.hasToken {
		err = pr.writeToken(pw)
	}
	if err == nil {
		err = pw.text(l.after, nil)
	}
	return err
}

// writeToken writes the page token.
func (pr *pageRequest) writeToken(pw *pageWriter) error {
	pr.hasToken = true
	pw.policy.KeepPrivate()
	pw.policy.Weaken() // because each token differs
	pw.policy.AddText(pr.session())
	return pw.string(pr.options.Tokens.Sign(pr.session(), pr.pageViews()))
}

// writeLiveMark writes the live element at a mark, the ith segment of a program, unless
//
//   - the program is not the page's own template,
//   - the page redirects, or has the element or another token,
//   - the charset of the page has no ASCII, as UTF-16,
//   - the mark is a BodyEnd, and not the last one, or an include follows. The token has the
//     views of all includes.
func (pr *pageRequest) writeLiveMark(pw *pageWriter, e *execution, i int, mark *esi.Variable) error {
	if !pr.isPage || e != &pr.top.execution || pr.isLive || pr.hasToken || pw.template.IsRedirect() || !document.HasASCII(pw.charset) {
		return nil
	}
	for mark != document.LiveEnd {
		i++
		s, err := pw.awaitSegment(e, i)
		if err != nil || s == nil || s.Variable == document.BodyEnd || hasState(s) {
			return err
		}
		mark = s.Variable
	}
	return pr.writeLive(pw)
}
