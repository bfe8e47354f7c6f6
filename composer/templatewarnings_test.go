package composer_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"selvedge/composer"
)

// recordChannel is a log of which each line can be waited for.
type recordChannel chan string

func (c recordChannel) Write(p []byte) (int, error) {
	c <- string(p)
	return len(p), nil
}

func TestAMistakeInATemplateIsWarnedAboutInHeaderAndLog(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"an unknown variable", "<p>\n <esi:vars>$(HTTP_HOTS)</esi:vars>", "2:12: the variable HTTP_HOTS is unknown, so it has no value; did you mean \"HTTP_HOST\"?"},
		{"an unknown attribute", `<esi:include src="/fragments/part/" timeout="1"/>`, "1:37: timeout is no attribute of include; remove it"},
		{"an include that is not closed", "\n\n<esi:include src=\"/fragments/part/\">", "3:1: include is not closed; end its tag with />, or add </esi:include>"},
		{"an include without src", `<esi:include/>`, "1:1: include has no src; add the address of a fragment as src"},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				log := make(recordChannel, 8)
				s := open(composer.Options{Logger: slog.New(slog.NewTextHandler(log, nil))}, fragments{"page": template(test.page), "part": piece("part")})
				got := s.get(t, "/?secret")
				if got.status != http.StatusOK || !slices.Equal(got.header["Selvedge-Warning"], []string{test.want}) {
					t.Errorf("%q is %d with the warnings %q; want %q", test.page, got.status, got.header["Selvedge-Warning"], test.want)
				}
				place, text, _ := strings.Cut(test.want, ": ")
				text, _, _ = strings.Cut(text, "; ")
				line, column, _ := strings.Cut(place, ":")
				want := "line=" + line + " column=" + column + ` mistake="` + text + `"`
				if logged := <-log; !strings.Contains(logged, want) || strings.Contains(logged, "secret") {
					t.Errorf("the log of %q is %s; want a line with %s", test.page, logged, want)
				}
			})
		}
	})
}

func TestVariablesOfPagesAreKnown(t *testing.T) {
	const page = `<head><esi:vars>$(SELVEDGE_STYLES)$(QUERY_STRING)$(HTTP_HOST)$(HTTP_REFERER)$(HTTP_USER_AGENT{os})` +
		`$(HTTP_ACCEPT_LANGUAGE{de})$(HTTP_COOKIE{a})$(ESI_ARGS{b})$(SELVEDGE_PAGE)</esi:vars>`
	s := newSite(t, composer.Options{}, fragments{"page": template(page)}, nil)
	if got := s.get(t, "/").header["Selvedge-Warning"]; len(got) > 0 {
		t.Errorf("the warnings are %q; want none", got)
	}
}

// TestAnIncludeWithoutSrcIsNoError shows its content, if it has any.
func TestAnIncludeWithoutSrcIsNoError(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"nothing", `a<esi:include/>b`, "ab"},
		{"content", `a<esi:include>c</esi:include>b`, "acb"},
		{"a misspelled src", `a<esi:include scr="/fragments/part/"/>b`, "ab"},
		{"a misspelled src and content", `a<esi:include scr="/fragments/part/">c<esi:include src="/fragments/part/"/></esi:include>b`, "acpartb"},
		{"an alt", `a<esi:include alt="/fragments/part/"/>b`, "apartb"},
		{"a mark", `a<esi:include primary="primary" required="required">c</esi:include>b`, "acb"},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				s := open(composer.Options{}, fragments{"page": template(test.page), "part": piece("part")})
				got := s.get(t, "/")
				if got.status != http.StatusOK || got.body != test.want || len(got.header["Selvedge-Warning"]) == 0 {
					t.Errorf("%q is %d %q with the warnings %q; want 200 %q and one", test.page, got.status, got.body, got.header["Selvedge-Warning"], test.want)
				}
			})
		}
	})
}
