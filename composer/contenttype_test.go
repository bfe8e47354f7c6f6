package composer_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"selvedge/composer"
)

// TestATemplateIsReadWhateverItsHeaderLooksLike has headers with which a browser
// shows HTML.
func TestATemplateIsReadWhateverItsHeaderLooksLike(t *testing.T) {
	tests := []struct {
		name, lines string
		logged      string // what the log says of it
	}{
		{"a charset that is given twice", "Content-Type: text/html; charset=utf-8; charset=UTF-8", ""},
		{"no semicolon before the charset", "Content-Type: text/html charset=utf-8", ""},
		{"a type that is given twice", "Content-Type: text/html, text/html", ""},
		{"a type in two lines", "Content-Type: text/html|Content-Type: text/html; charset=utf-8", ""},
		{"a parameter that is none", "Content-Type: text/html; charset", ""},
		{"a charset that nobody knows", "Content-Type: text/html; charset=utf8mb4", ""},
		{"a charset in the wrong quotes", "Content-Type: text/html; charset='utf-8'", ""},
		{"no type that is one", "Content-Type: html", ""},
		{"a charset as its coding", "Content-Type: text/html|Content-Encoding: UTF-8", "coding=utf-8"},
		{"the coding none", "Content-Type: text/html|Content-Encoding: none", "coding=none"},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				log := make(recordChannel, 8)
				s := open(composer.Options{Logger: slog.New(slog.NewTextHandler(log, nil))}, fragments{
					"page": func(w http.ResponseWriter, _ *http.Request) {
						set(w, append(strings.Split(test.lines, "|"), `Surrogate-Control: content="ESI/1.0"`)...)
						_, _ = w.Write([]byte(`[<esi:include src="/fragments/part/"/>]`))
					},
					"part": piece("é"),
				})
				got := s.get(t, "/")
				if got.status != http.StatusOK || got.body != "[é]" || got.header.Get("Content-Encoding") != "" {
					t.Errorf("a page with %s is %d %q in %q; want 200 [é] in no coding", test.lines, got.status, got.body, got.header.Get("Content-Encoding"))
				}
				if test.logged == "" {
					return
				}
				if line := <-log; !strings.Contains(line, test.logged) {
					t.Errorf("the log of a page with %s is %s; want %s", test.lines, line, test.logged)
				}
			})
		}
	})
}

func TestATemplateOfATypeThatIsNotReadIsLogged(t *testing.T) {
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		log := make(recordChannel, 8)
		s := open(composer.Options{Logger: slog.New(slog.NewTextHandler(log, nil))}, fragments{"page": func(w http.ResponseWriter, _ *http.Request) {
			set(w, "Content-Type: text/html, text/plain", `Surrogate-Control: content="ESI/1.0"`)
			_, _ = w.Write([]byte("<esi:include/>"))
		}})
		if got := s.get(t, "/"); got.body != "<esi:include/>" {
			t.Errorf("the page is %q; want it as it came", got.body)
		}
		if line := <-log; !strings.Contains(line, "opts in to ESI") || !strings.Contains(line, `type="text/html, text/plain"`) {
			t.Errorf("the log is %s; want a warning with the type", line)
		}
	})
}
