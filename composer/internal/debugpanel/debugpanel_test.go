package debugpanel_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer/internal/debugpanel"
)

// A page in which [ and ] stand for the marks of includes, in the order of their numbers.
func TestAnnotate(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"an include", `<p>[x]</p>`, `<p><!--selvedge:1 r -->x<!--/selvedge:1--></p>PANEL`},
		{"the panel stands before the last end of the body", `<body>[x]</body>[y]</body></html>`,
			`<body><!--selvedge:1 r -->x<!--/selvedge:1--></body><!--selvedge:2 r -->y<!--/selvedge:2-->PANEL</body></html>`},
		{"an include with the end of the body", `[a</body>]b`, `<!--selvedge:1 r -->aPANEL</body><!--/selvedge:1-->b`},
		{"an include behind the body", `</body>[x]`, `PANEL</body><!--selvedge:1 r -->x<!--/selvedge:1-->`},
		{"includes within each other", `[[x]]`, `<!--selvedge:1 r --><!--selvedge:2 r -->x<!--/selvedge:2--><!--/selvedge:1-->PANEL`},
		{"in an attribute", `<a b="[x]">`, `<a b="x">PANEL`},
		{"in a title", `<title>[x]</title>`, `<title>x</title>PANEL`},
		{"in a comment", `<!-- [x] -->`, `<!-- x -->PANEL`},
		{"that begins in text and ends in a tag", `[<a b="]">`, `<a b="">PANEL`},
		{"that begins in a tag and ends in text", `<a [b>]`, `<a b>PANEL`},
		{"in a table", `<table>[<tr>]</table>`, `<table><!--selvedge:1 r --><tr><!--/selvedge:1--></table>PANEL`},
		{"a page that ends in a script", `[x]<script>`, `<!--selvedge:1 r -->x<!--/selvedge:1--><script>`},
		{"an end of the body that is none", `<script>"</body>"</script>`, `<script>"</body>"</script>PANEL`},
		{"an empty page", ``, `PANEL`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var page strings.Builder
			var marks []debugpanel.Mark
			var includes []debugpanel.Include
			var open []int
			for _, c := range test.page {
				switch c {
				case '[':
					open = append(open, len(includes))
					marks = append(marks, debugpanel.Mark{Offset: page.Len(), Include: len(includes)})
					includes = append(includes, debugpanel.Include{Reference: "r"})
				case ']':
					marks = append(marks, debugpanel.Mark{Offset: page.Len(), Include: open[len(open)-1], IsEnd: true})
					open = open[:len(open)-1]
				default:
					page.WriteRune(c)
				}
			}
			got := string(debugpanel.Annotate([]byte(page.String()), marks, includes, []byte("PANEL")))
			if got != test.want {
				t.Errorf("%s\n is %s\nwant %s", test.page, got, test.want)
			}
		})
	}
}

// A reference, an error and a warning are texts of others.
func TestTextsAreEscaped(t *testing.T) {
	const hostile = `/x?--><script>alert("ü")</script>`
	include := debugpanel.Include{Reference: hostile, Failure: hostile, Version: hostile, Source: hostile, Place: hostile, Warnings: []string{hostile}}
	page := debugpanel.Page{Template: hostile, Includes: []debugpanel.Include{include}, Warnings: []string{hostile}}
	marks := []debugpanel.Mark{{Offset: 0}, {Offset: 0, IsEnd: true}}
	for name, text := range map[string]string{
		"a panel":   string(debugpanel.Panel(page)),
		"comments":  string(debugpanel.Annotate(nil, marks, page.Includes, nil)),
		"a failure": debugpanel.Failure(hostile),
		"a comment": debugpanel.FailureComment(hostile),
	} {
		if strings.Contains(text, "<script>") || strings.Contains(text, "?-->") || strings.ContainsFunc(text, func(r rune) bool { return r > '~' }) {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestServeFile(t *testing.T) {
	for path, contentType := range map[string]string{
		debugpanel.StylesheetPath: "text/css; charset=utf-8", debugpanel.ScriptPath: "text/javascript; charset=utf-8",
	} {
		w := httptest.NewRecorder()
		debugpanel.ServeFile(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != contentType || w.Body.Len() == 0 {
			t.Errorf("GET %s = %d %v", path, w.Code, w.Header())
		}
		again := httptest.NewRequest(http.MethodGet, path, nil)
		again.Header.Set("If-None-Match", w.Header().Get("ETag"))
		w = httptest.NewRecorder()
		if debugpanel.ServeFile(w, again); w.Code != http.StatusNotModified {
			t.Errorf("GET %s with its ETag = %d", path, w.Code)
		}
	}
	w := httptest.NewRecorder()
	if debugpanel.ServeFile(w, httptest.NewRequest(http.MethodGet, "/-/debug.html", nil)); w.Code != http.StatusNotFound {
		t.Errorf("GET /-/debug.html = %d", w.Code)
	}
}
