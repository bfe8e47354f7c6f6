package composer_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"selvedge/composer"
)

// An include that waits for what the reader of the page does with the bytes
// before it would never be shown if those waited for the include.
func TestWhatStandsBeforeAPendingIncludeArrivesAtOnce(t *testing.T) {
	const slow = `<esi:include src="/fragments/slow/x">late</esi:include>`
	tests := []struct {
		name, page, nested string
		before, after      string
	}{
		{"the head of a page", "<head></head>" + slow + "end", "", "<head></head>", "slow end"},
		{"an include that is ready", `<esi:include src="/fragments/ready/x"/>` + slow, "", "ready", "slow "},
		{"the begin of an include that waits for another", `a<esi:include src="/fragments/nested/x"/>d`, "b" + slow + "c", "ab", "slow cd"},
		{"the begin of what stands in place of an include", `a<esi:include src="/fragments/none/x">b` + slow + `</esi:include>`, "", "ab", "slow "},
		{"the begin of a branch", when("1", "a"+slow, ""), "", "a", "slow "},
		{"what stands before an attempt", "a" + try(slow, ""), "", "a", "slow "},
		{"an include before an attempt", `<esi:include src="/fragments/ready/x"/>` + try(slow, ""), "", "ready", "slow "},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			for _, header := range []string{"X: y", "Cache-Control: max-age=60", `ETag: "a"`} {
				t.Run(test.name+" with "+header, func(t *testing.T) {
					t.Parallel()
					release := make(chan struct{})
					s := open(patient, fragments{
						"page":   with(header, template(test.page)),
						"nested": template(test.nested), "ready": piece("ready"), "none": status(404, ""),
						"slow": func(w http.ResponseWriter, _ *http.Request) {
							<-release
							_, _ = io.WriteString(w, "slow ")
						},
					})
					for range 2 { // from the source, and from the store if it may
						r := s.read(t, "/")
						r.next(test.before)
						release <- struct{}{}
						r.end(test.after)
					}
				})
			}
		}
	})
}

func TestATemplateThatIsStillComingIsShownAsFarAsItIs(t *testing.T) {
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, encoding := range []string{"identity", "gzip"} {
			t.Run("in "+encoding, func(t *testing.T) {
				proceed := make(chan struct{})
				s := open(patient, fragments{
					"page": with(`Content-Type: text/html|Surrogate-Control: content="ESI/1.0"`, func(w http.ResponseWriter, _ *http.Request) {
						flushed(w, `<head><!--esi a--><esi:include src="/fragments/part/x"/><esi:inc`)
						<-proceed
						flushed(w, `lude src="/fragments/part/y"/></he`)
						<-proceed
						_, _ = io.WriteString(w, `ad>`)
					}),
					"part": func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) },
				})
				r := s.read(t, "/|Accept-Encoding: "+encoding)
				r.next("<head> a/x")
				proceed <- struct{}{}
				r.next("/y</he")
				proceed <- struct{}{}
				r.end("ad>")
			})
		}
	})
}

// Each include answers only when all have been asked, so that a composer which
// asks for one after the other never sees an answer.
func TestIncludesCostTheTimeOfOne(t *testing.T) {
	const n = 6
	include := `<esi:include src="/fragments/part/x?`
	number := func(i int) string { return include + string(rune('0'+i)) + `"/>` }
	all := func(wrap func(string) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(wrap(number(i)))
		}
		return b.String()
	}
	plain := func(s string) string { return s }
	tests := []struct{ name, page string }{
		{"one after the other", all(plain)},
		{"in an attempt", try(all(plain), "")},
		{"each in its own attempt", all(func(s string) string { return try(s, "") })},
		{"in attempts within attempts", try(all(func(s string) string { return try(s, "") }), "")},
		{"in a branch that is taken", when("1", all(plain), "")},
		{"each in its own branch", all(func(s string) string { return when("1", s, "") })},
		{"in branches of attempts", try(all(func(s string) string { return when("0", "", s) }), "")},
		{"in a fragment each", all(func(s string) string { return strings.Replace(s, "/part/", "/nested/", 1) })},
		{"with something in their place", all(func(s string) string { return strings.Replace(s, "/>", ` onerror="continue"/>`, 1) })},
		{"in an inline", `<esi:inline name="/x" fetchable="yes">` + all(plain) + `</esi:inline>`},
		{"in what only we read", "<!--esi " + all(plain) + "-->"},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				var asked sync.WaitGroup
				asked.Add(n)
				s := open(patient, fragments{
					"page": template(test.page),
					"nested": func(w http.ResponseWriter, r *http.Request) {
						template(include+r.URL.RawQuery+`"/>`)(w, r)
					},
					"part": func(w http.ResponseWriter, r *http.Request) {
						asked.Done()
						asked.Wait()
						_, _ = io.WriteString(w, r.URL.RawQuery)
					},
				})
				if got := strings.TrimSpace(s.get(t, "/").body); got != "012345" {
					t.Errorf("page = %q; want 012345", got)
				}
			})
		}
	})
}

// The parent goes on only once what it includes has been asked for.
func TestWhatAFragmentIncludesStartsWhileTheFragmentComes(t *testing.T) {
	const src = `<esi:include src="/fragments/parent/x"`
	tests := []struct{ name, page string }{
		{"nothing stands in its place", src + "/>"},
		{"its content may", src + ">none</esi:include>"},
		{"nothing at all may", src + ` onerror="continue"/>`},
		{"another address may", src + ` alt="/fragments/none/x"/>`},
		{"it is required", src + ` required="required"/>`},
		{"it is primary", src + ` primary="primary"/>`},
		{"it is not stored", src + ` no-store="on"/>`},
		{"in an attempt", try(src+"/>", "none")},
		{"in a branch", when("1", src+"/>", "")},
		{"two levels deep", `<esi:include src="/fragments/outer/x"/>`},
		{"two levels deep, where something stands in the place of the outer one", `<esi:include src="/fragments/outer/x">none</esi:include>`},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				asked := make(chan struct{})
				s := open(patient, fragments{
					"page": template(test.page), "outer": template(src + "/>"), "none": status(404, ""),
					"parent": with(`Content-Type: text/html|Surrogate-Control: content="ESI/1.0"`, func(w http.ResponseWriter, _ *http.Request) {
						flushed(w, `a<esi:include src="/fragments/inner/x"/>c`)
						<-asked
						_, _ = io.WriteString(w, "d")
					}),
					"inner": func(w http.ResponseWriter, _ *http.Request) {
						close(asked)
						_, _ = io.WriteString(w, "b")
					},
				})
				if got := s.get(t, "/").body; got != "abcd" {
					t.Errorf("page = %q; want abcd", got)
				}
			})
		}
	})
}

func TestAFragmentAtTheHeadOfTheLineIsForwardedAsItComes(t *testing.T) {
	tests := []struct{ name, page, before, after string }{
		{"alone", `<esi:include src="/fragments/part/x"/>`, "", ""},
		{"between text", `a<esi:include src="/fragments/part/x"/>b`, "a", "b"},
		{"after one that is ready", `<esi:include src="/fragments/ready/x"/><esi:include src="/fragments/part/x"/>`, "ready", ""},
		{"before one that is ready", `<esi:include src="/fragments/part/x"/><esi:include src="/fragments/ready/x"/>`, "", "ready"},
		{"in another fragment", `<esi:include src="/fragments/nested/x"/>`, "(", ")"},
		{"in a branch", when("1", `<esi:include src="/fragments/part/x"/>`, ""), "", ""},
		{"in what stands in place of another", `<esi:include src="/fragments/none/x">a<esi:include src="/fragments/part/x"/></esi:include>`, "a", ""},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			for _, header := range []string{"Cache-Control: no-store", "Cache-Control: max-age=60"} {
				for _, encoding := range []string{"identity", "gzip"} {
					t.Run(test.name+" with "+header+" in "+encoding, func(t *testing.T) {
						proceed := make(chan struct{})
						s := open(patient, fragments{
							"page": template(test.page), "ready": piece("ready"), "none": status(404, ""),
							"nested": template(`(<esi:include src="/fragments/part/x"/>)`),
							"part": with(header, func(w http.ResponseWriter, _ *http.Request) {
								for _, chunk := range []string{"one ", "two ", "three"} {
									flushed(w, chunk)
									<-proceed
								}
							}),
						})
						r := s.read(t, "/|Accept-Encoding: "+encoding)
						r.next(test.before)
						for _, chunk := range []string{"one ", "two ", "three"} {
							r.next(chunk)
							proceed <- struct{}{}
						}
						r.end(test.after)
					})
				}
			}
		}
	})
}

// Each include answers only when the next one has.
func TestThePageIsInOrderThoughTheLastIncludeAnswersFirst(t *testing.T) {
	page := `1<esi:include src="/fragments/part/x?0"/>2` + try(`<esi:include src="/fragments/part/x?1"/>`, "") +
		`3<esi:include src="/fragments/nested/x"/>4<esi:include src="/fragments/part/x?3">none</esi:include>5`
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		answered := make([]chan struct{}, 5)
		for i := range answered {
			answered[i] = make(chan struct{})
		}
		close(answered[4])
		s := open(patient, fragments{
			"page": template(page), "nested": template(`<esi:include src="/fragments/part/x?2"/>`),
			"part": func(w http.ResponseWriter, r *http.Request) {
				i := r.URL.RawQuery[0] - '0'
				<-answered[i+1]
				_, _ = io.WriteString(w, "("+r.URL.RawQuery+")")
				close(answered[i])
			},
		})
		if got, want := s.get(t, "/").body, "1(0)2(1)3(2)4(3)5"; got != want {
			t.Errorf("page = %q; want %q", got, want)
		}
	})
}

// A template that is not asked for the store is kept back in passing.
func TestATemplateThatPassesIsCompleteThoughItComesInPieces(t *testing.T) {
	proceed := make(chan struct{})
	obeying := patient
	obeying.ObeyRequestCacheControl = true
	s := newProxy(t, obeying, paths{
		"/page": template1(func(w http.ResponseWriter, _ *http.Request) {
			flushed(w, `a<esi:include src="/part"/>`)
			<-proceed
			_, _ = io.WriteString(w, strings.Repeat("b", 100_000))
		}),
		"/part": piece("part"),
	}.serve)
	for _, lines := range []string{"POST /page", "GET /page|Cache-Control: no-store", "GET /page|If-Unmodified-Since: Mon, 02 Jan 2006 15:04:05 GMT"} {
		go func() { proceed <- struct{}{} }()
		if got, want := s.ask(t, lines), "apart"+strings.Repeat("b", 100_000); got.body != want || got.err != nil {
			t.Errorf("%s = %d %.20q and so on, %d bytes, %v; want %d", lines, got.status, got.body, len(got.body), got.err, len(want))
		}
	}
}
