package composer_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"selvedge/composer"
)

// warnings is a log handler that hands on the warnings of a composer, with the
// reference that each names.
type warnings chan string

func (w warnings) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }
func (w warnings) WithAttrs([]slog.Attr) slog.Handler               { return w }
func (w warnings) WithGroup(string) slog.Handler                    { return w }

func (w warnings) Handle(_ context.Context, r slog.Record) error {
	message := r.Message
	r.Attrs(func(a slog.Attr) bool { message += " " + a.String(); return true })
	w <- message
	return nil
}

// TestAFragmentWithTagsThatDoesNotOptInIsWarnedAbout has fragments of which
// only the last one of each page is to be warned about.
func TestAFragmentWithTagsThatDoesNotOptInIsWarnedAbout(t *testing.T) {
	const tag = `<esi:include src="/fragments/good/x"/>`
	tests := []struct {
		name     string
		fragment http.HandlerFunc
	}{
		{"in one piece", piece("<p>" + tag + "</p>")},
		{"in two pieces", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			flushed(w, "<p>"+tag[:6])
			_, _ = w.Write([]byte(tag[6:] + "</p>"))
		}},
		{"without a Content-Type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil // so that net/http guesses none
			_, _ = w.Write([]byte(tag))
		}},
		{"that opts in for another surrogate", with(`Content-Type: text/html|Surrogate-Control: content="ESI/1.0";varnish`, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(tag))
		})},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(test.name+" "+kind.name, func(t *testing.T) {
				log := make(warnings, 10)
				s := newSite(t, composer.Options{Logger: slog.New(log)}, nil, map[string]composer.Source{
					"page": kind.source(t, template(`<esi:include src="/fragments/json/x"/><esi:include src="/fragments/esi/x"/>`+
						`<esi:include src="/fragments/raw/x?secret=1"/><esi:include src="/fragments/raw/y"/>`)),
					"json": kind.source(t, with("Content-Type: application/json", func(w http.ResponseWriter, _ *http.Request) {
						_, _ = w.Write([]byte(`"` + tag + `"`))
					})),
					"esi":  kind.source(t, template(tag)),
					"good": kind.source(t, piece("<p>good</p>")),
					"raw":  kind.source(t, test.fragment),
				})
				for range 2 {
					s.get(t, "/")
				}
				got := <-log
				if !strings.Contains(got, "ESI") || !strings.Contains(got, "reference=/fragments/raw/") || strings.Contains(got, "secret") {
					t.Errorf("warning %q; want one that names /fragments/raw/ without its query", got)
				}
				select {
				case more := <-log:
					t.Errorf("another warning %q; want one for each source", more)
				default:
				}
			})
		}
	}
}
