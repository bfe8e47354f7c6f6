package composer_test

import (
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// debugOf returns the page that a debugged page shows, the numbers of the includes with
// comments in it, and its panel.
func debugOf(t *testing.T, body string) (page string, commented []string, panel *goquery.Selection) {
	t.Helper()
	before, rest, found := strings.Cut(body, "<selvedge-debug>")
	if !found {
		t.Fatalf("the page has no panel: %s", body)
	}
	inner, after, _ := strings.Cut(rest, `<script type="module" src="/-/debug.js"></script>`+"\n")
	comments := regexp.MustCompile(`<!--selvedge:(\d+) [^>]* -->|<!--/selvedge:\d+-->`)
	for _, match := range comments.FindAllStringSubmatch(before+after, -1) {
		if match[1] != "" {
			commented = append(commented, match[1])
		}
	}
	inner = strings.NewReplacer(`<template shadowrootmode="open">`, "<div>", "</template>", "</div>").Replace(inner)
	document, err := goquery.NewDocumentFromReader(strings.NewReader(inner))
	if err != nil {
		t.Fatal(err)
	}
	return comments.ReplaceAllString(before+after, ""), commented, document.Find("table")
}

func always(*http.Request) bool { return true }

// The includes of the page stand where no element but their own may stand.
const debugPage = `<!doctype html><html><head><title><esi:include src="/fragments/part/title"/></title><esi:include src="/fragments/part/head"/></head>` +
	`<body><table><esi:include src="/fragments/part/row"/></table><a title="<esi:include src='/fragments/part/attribute'/>">a</a>` +
	"\n" + `<script>"<esi:include src="/fragments/part/script"/>"</script><esi:include src="/fragments/outer/x"/>` +
	`<esi:include src="/fragments/part/none">content</esi:include></body></html>`

func debugFragments() fragments {
	return fragments{
		"page":  template(debugPage),
		"outer": template(`<section id="outer"><esi:include src="/fragments/part/inner"/></section>`),
		"part": func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/none":
				w.WriteHeader(http.StatusBadGateway)
				return
			case "/row":
				set(w, "Cache-Control: max-age=60")
			}
			set(w, "Content-Type: text/html; charset=utf-8")
			_, _ = io.WriteString(w, r.URL.Path)
		},
	}
}

func TestADebuggedPageShowsItsIncludes(t *testing.T) {
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		s := open(composer.Options{Debug: always}, debugFragments())
		plain := s.get(t, "/")
		got := s.get(t, "/?selvedge=debug")
		page, commented, panel := debugOf(t, got.body)
		if got.status != http.StatusOK || page != plain.body {
			t.Errorf("the debugged page is %d %s; want %s", got.status, page, plain.body)
		}
		if want := []string{"2", "3", "6", "7", "8"}; !slices.Equal(commented, want) {
			t.Errorf("the includes %v have comments; want %v: none in a title, an attribute or a script", commented, want)
		}
		const missed = "fwd=uri-miss; fwd-status=200"
		want := []string{
			"part/title | V | S | " + missed + " | 0 s | 6 | " + placeIn(debugPage, "part/title") + " |  | 1",
			"part/head | V | S | " + missed + " | 0 s | 5 | " + placeIn(debugPage, "part/head") + " |  | 1",
			"part/row | V | S | hit; ttl=59 | 0 s | 4 | " + placeIn(debugPage, "part/row") + " |  | 1",
			"part/attribute | V | S | " + missed + " | 0 s | 10 | " + placeIn(debugPage, "part/attribute") + " |  | 1",
			"part/script | V | S | " + missed + " | 0 s | 7 | " + placeIn(debugPage, "part/script") + " |  | 1",
			"outer/x | V | S | " + missed + " | 0 s | 72 | " + placeIn(debugPage, "outer/x") + " |  | 1",
			"part/inner | V | S | " + missed + " | 0 s | 6 | :1:21 |  | 2",
			"part/none | V | S | fwd=uri-miss; fwd-status=502 |  |  | " + placeIn(debugPage, "part/none") + " | status 502; its content is shown | 1",
		}
		version := "1.0.0"
		if strings.Contains(t.Name(), "origin") {
			version = "" // what an origin serves has none
		}
		if diff := cmp.Diff(want, rowsOf(panel, version)); diff != "" {
			t.Errorf("the rows of the panel (-want +got):\n%s", diff)
		}
		if h := got.header; h.Get("Cache-Control") != "no-store" || h.Get("Etag") != "" || h.Get("Last-Modified") != "" {
			t.Errorf("the debugged page may be stored: %v", h)
		}
		if again := s.get(t, "/"); again.body != plain.body {
			t.Errorf("after a debugged page, the page is %s", again.body)
		}
	})
}

// rowsOf returns the rows of a panel without their times, with V for the version, S for the
// source, and without the names of templates, which differ between the fronts.
func rowsOf(panel *goquery.Selection, version string) []string {
	var rows []string
	panel.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
		cells := row.Find("td").Map(func(_ int, cell *goquery.Selection) string { return cell.Text() })
		if cells[0] == version {
			cells[0] = "V"
		}
		if cells[1] == "handler" || strings.HasPrefix(cells[1], "127.0.0.1:") {
			cells[1] = "S"
		}
		cells[6] = regexp.MustCompile(`:\d+:\d+$`).FindString(cells[6])
		cells = slices.Delete(cells, 4, 5)
		rows = append(rows, strings.TrimPrefix(row.Find("code").Text(), "/fragments/")+" | "+strings.Join(cells, " | ")+
			" | "+row.Find(".failure").Text()+" | "+row.Find("th").AttrOr("data-depth", ""))
	})
	return rows
}

// placeIn returns the line and the column of the include of a reference in a page.
func placeIn(page, reference string) string {
	before := page[:strings.Index(page, reference)]
	before = before[:strings.LastIndex(before, "<esi:include")]
	return ":" + strconv.Itoa(strings.Count(before, "\n")+1) + ":" + strconv.Itoa(len(before)-strings.LastIndexByte(before, '\n'))
}

// The parameter is for the composer: no fragment, no variable and no key of the cache has it.
func TestTheDebugParameterGoesNoFurther(t *testing.T) {
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for name, isAllowed := range map[string]bool{"allowed": true, "not allowed": false} {
			t.Run(name, func(t *testing.T) {
				var fetched atomic.Int32
				s := open(composer.Options{Debug: func(*http.Request) bool { return isAllowed }}, fragments{
					"page": func(w http.ResponseWriter, r *http.Request) {
						if strings.Contains(r.URL.RawQuery, "selvedge") {
							t.Errorf("the source has received %s", r.URL)
						}
						set(w, "Cache-Control: max-age=60")
						template(`<p><esi:vars>$(QUERY_STRING)</esi:vars></p><esi:include src="/fragments/part/x?$(QUERY_STRING)"/>`)(w, r)
					},
					"part": func(w http.ResponseWriter, r *http.Request) {
						fetched.Add(1)
						set(w, "Cache-Control: max-age=60", "Content-Type: text/html")
						_, _ = io.WriteString(w, r.URL.RawQuery)
					},
				})
				plain := s.get(t, "/?a=1&b=2").body
				got := s.get(t, "/?a=1&selvedge=debug&b=2").body
				if isAllowed {
					got, _, _ = debugOf(t, got)
				}
				if got != plain || fetched.Load() != 1 {
					t.Errorf("the page is %s, after %d fetches; want %s, after one", got, fetched.Load(), plain)
				}
			})
		}
	})
}

// A page whose parts are all stored is debugged too, and stays as it is for everybody else.
func TestADebuggedPageIsNeverStored(t *testing.T) {
	stored := func(h http.HandlerFunc) http.HandlerFunc {
		return with(`Cache-Control: public, max-age=60|ETag: "1"`, h)
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		s := open(composer.Options{Debug: always}, fragments{
			"page": stored(template(`<p><esi:include src="/fragments/part/x"/></p>`)), "part": stored(piece("part")),
		})
		var plain answer
		for range 4 { // the last ones are of the microcache
			plain = s.get(t, "/")
		}
		for range 2 {
			r := s.request(t, http.MethodGet, "/?selvedge=debug", nil)
			r.Header.Set("If-None-Match", plain.header.Get("Etag"))
			r.Header.Set("If-Modified-Since", time.Now().UTC().Format(http.TimeFormat))
			got := s.do(t, r)
			if page, _, _ := debugOf(t, got.body); got.status != http.StatusOK || page != plain.body || got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("the debugged page is %d %s with Cache-Control: %s", got.status, page, got.header.Get("Cache-Control"))
			}
		}
		if got := s.get(t, "/"); got.body != plain.body || got.header.Get("Etag") != plain.header.Get("Etag") || got.header.Get("Etag") == "" {
			t.Errorf("after debugged pages, the page is %s with the ETag %s", got.body, got.header.Get("Etag"))
		}
	})
}

// Debug may remove what no source may receive.
func TestDebugRemovesTheCredentialsOfAnOperator(t *testing.T) {
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		isOperator := func(r *http.Request) bool {
			ok := r.Header.Get("Authorization") == "Bearer operator"
			if ok {
				r.Header.Del("Authorization")
			}
			return ok
		}
		got := make(chan string, 10)
		s := open(composer.Options{Debug: isOperator, Headers: []string{"Authorization"}}, fragments{
			"page": func(w http.ResponseWriter, r *http.Request) {
				got <- r.Header.Get("Authorization")
				template("page")(w, r)
			},
		})
		for token, want := range map[string]string{"Bearer operator": "", "Bearer visitor": "Bearer visitor"} {
			r := s.request(t, http.MethodGet, "/?selvedge=debug", nil)
			r.Header.Set("Authorization", token)
			answer := s.do(t, r)
			if received := <-got; received != want || strings.Contains(answer.body, "selvedge-debug") != (want == "") {
				t.Errorf("with %s the source received %q, and the page is %s", token, received, answer.body)
			}
		}
	})
}

func TestAFailedIncludeIsShownInItsPlace(t *testing.T) {
	const message = `<link rel="stylesheet" href="/-/debug.css"><selvedge-failure>The include of /fragments/part/x?a=%3Cb%3E failed after N ms: status 500 (PAGE:1:PLACE). </selvedge-failure>`
	fatal := strings.Replace(message, "). ", "). In production the page fails with it: the include has neither content nor onerror. ", 1)
	const include = `<esi:include src="/fragments/part/x?a=%3Cb%3E"`
	tests := []struct{ name, page, want string }{
		{"with onerror", `<p>` + include + ` onerror="continue"/></p>`, `<p>` + message + `</p>`},
		{"with content, which stands", `<p>` + include + `>none</esi:include></p>`, `<p>` + message + `none</p>`},
		{"with neither, in place of the error of the page", `<p>` + include + `/></p>`, `<p>` + fatal + `</p>`},
		{"in an attribute, which stays", `<p title="` + include + ` onerror="continue"/>">a</p>`, `<p title="">a</p>`},
		{"in a script, which stays", `<script>` + include + ` onerror="continue"/></script>`, `<script></script>`},
		{"in a head, as a comment", `<head>` + include + ` onerror="continue"/></head>`,
			`<head><!-- The include of /fragments/part/x?a=%3Cb%3E failed after N ms: status 500 (PAGE:1:PLACE). --></head>`},
		{"in an attempt, whose except stands", `<esi:try><esi:attempt>` + include + `/></esi:attempt><esi:except>except</esi:except></esi:try>`, `except`},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				s := open(composer.Options{ShowFailures: true}, fragments{"page": template(test.page), "part": status(500, "<b>secret</b>")})
				got := s.get(t, "/")
				body := regexp.MustCompile(`after \d+ ms`).ReplaceAllString(got.body, "after N ms")
				body = regexp.MustCompile(`\([^ ]*:1:`).ReplaceAllString(body, "(PAGE:1:")
				want := strings.ReplaceAll(test.want, "PLACE", strconv.Itoa(strings.Index(test.page, "<esi:include")+1))
				if got.status != http.StatusOK || body != want {
					t.Errorf("the page is %d\n%s\nwant\n%s", got.status, body, want)
				}
			})
		}
	})
}

// A primary or required include decides the status of its page in development too.
func TestAFailureThatDecidesThePageIsItsError(t *testing.T) {
	for _, attribute := range []string{"primary", "required", "primary required"} {
		page := `<esi:include src="/fragments/part/x" ` + attribute + `/>`
		s := newSite(t, composer.Options{ShowFailures: true}, fragments{"page": template(page), "part": status(500, "")}, nil)
		if got := s.get(t, "/"); got.status < 500 {
			t.Errorf("with a failed %s include the page is %d %s", attribute, got.status, got.body)
		}
	}
}

func TestWithoutShowFailuresNoFailureIsShown(t *testing.T) {
	s := newSite(t, composer.Options{Debug: always}, fragments{
		"page": template(`a<esi:include src="/fragments/part/x" onerror="continue"/>b`), "part": status(500, "secret"),
	}, nil)
	if got := s.get(t, "/").body; got != "ab" {
		t.Errorf("the page is %s", got)
	}
}

// The warnings of Inspect are in the header of each page, stored or not, and in the log once.
func TestResponsesAreInspected(t *testing.T) {
	log := make(recordChannel, 20)
	inspect := func(reference string, h http.Header, body []byte) []string {
		switch {
		case strings.HasPrefix(reference, "/fragments/part/"):
			return []string{"part says\n" + string(body) + " as " + h.Get("Content-Type")}
		case strings.HasPrefix(reference, "/fragments/panics/"):
			panic("trouble")
		}
		return nil
	}
	s := newSite(t, composer.Options{Inspect: inspect, Debug: always, Logger: slog.New(slog.NewTextHandler(log, nil))}, fragments{
		"page":   template(`<esi:include src="/fragments/part/x?secret" required="true"/><esi:include src="/fragments/panics/x" required="true"/>`), // known before the header
		"part":   with("Cache-Control: max-age=60", piece("hello")),
		"panics": piece("world"),
	}, nil)
	want := []string{"/fragments/panics/x: the inspection panicked: trouble", "/fragments/part/x: part says hello as text/html; charset=utf-8"}
	for _, visit := range []string{"fetched", "stored"} {
		got := s.get(t, "/")
		warnings := slices.Sorted(slices.Values(got.header["Selvedge-Warning"]))
		if !slices.Equal(warnings, want) || got.body != "helloworld" {
			t.Errorf("%s: the page is %s with the warnings %q; want %q", visit, got.body, warnings, want)
		}
	}
	lines := <-log + <-log
	if len(log) > 0 || strings.Count(lines, "a response contains a mistake") != 2 || strings.Contains(lines, "secret") {
		t.Errorf("the log has %s and %d more lines; want a line for each warning", lines, len(log))
	}
	_, _, panel := debugOf(t, s.get(t, "/?selvedge=debug").body)
	if got := panel.Find(".warning").First().Text(); got != "part says\nhello as text/html; charset=utf-8" {
		t.Errorf("the panel has the warning %q", got)
	}
}
