package debugpanel

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// Page is a page for its panel.
type Page struct {
	Template string // the reference of its template
	Cache    string // the member of Cache-Status (RFC 9211) for the template, without its name
	Took     time.Duration
	Includes []Include // in the order of the page; the includes of an include follow it
	Warnings []string  // about the template
}

// Include is an include of a page. A text may be empty where nothing is known.
type Include struct {
	Depth     int // 1 is an include of the page's template
	Reference string
	Version   string // by semver
	Source    string // a host, or the word handler
	Cache     string // the member of Cache-Status (RFC 9211), without its name
	Age       time.Duration
	Took      time.Duration
	Size      int    // of the response, in bytes
	Place     string // the template with the include, its line and column
	Failure   string // the reason; empty for a success
	Shown     string // in place of the response, after a failure
	Warnings  []string
}

//go:embed panel.html
var panelText string

var panelTemplate = template.Must(template.New("panel").Funcs(template.FuncMap{
	"age": age, "took": milliseconds, "number": func(i int) int { return i + 1 }, "failed": failed,
}).Parse(panelText))

// Panel returns the panel of a page, as HTML in ASCII, so that it has the charset of each page.
func Panel(p Page) []byte {
	var b bytes.Buffer
	if err := panelTemplate.Execute(&b, p); err != nil {
		panic("debugpanel: " + err.Error()) // the template suits its types
	}
	return []byte(ASCII(b.String()))
}

// FailureStyles loads the stylesheet of messages of Failure.
const FailureStyles = `<link rel="stylesheet" href="` + StylesheetPath + `">`

// Failure returns an element with a message for the place of a failed include, in ASCII. It
// may stand wherever text may: its name is unknown to the HTML parser, so that it closes no
// paragraph, and moves nothing in a table.
func Failure(message string) string {
	return "<selvedge-failure>" + ASCII(template.HTMLEscapeString(message)) + " </selvedge-failure>"
}

// FailureComment is Failure for a head, where only a comment may stand.
func FailureComment(message string) string {
	return "<!-- " + commentText.Replace(ASCII(message)) + " -->"
}

// ASCII returns a text of HTML with character references for all characters outside of ASCII.
func ASCII(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteByte(byte(r))
		} else {
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return b.String()
}

// age returns an age in seconds.
func age(d time.Duration) string { return strconv.FormatInt(int64(max(d, 0)/time.Second), 10) + " s" }

// milliseconds returns a time with tenths of milliseconds.
func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

// failed returns the number of failed includes.
func failed(p Page) int {
	n := 0
	for _, include := range p.Includes {
		if include.Failure != "" {
			n++
		}
	}
	return n
}
