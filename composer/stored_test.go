package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// calls count the requests for each path of an origin.
type calls struct {
	mu sync.Mutex
	n  map[string]int
}

// count counts the requests that a handler gets.
func (c *calls) count(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		if c.n == nil {
			c.n = make(map[string]int)
		}
		c.n[r.URL.Path]++
		c.mu.Unlock()
		h(w, r)
	}
}

// taken returns the requests since it was called last.
func (c *calls) taken() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.n
	c.n = nil
	return n
}

func TestATemplateAndItsFragmentsEachObeyTheirOwnLifetime(t *testing.T) {
	const both, page, part, none = "/page /part", "/page", "/part", ""
	tests := []struct {
		name, page, part string
		at               []int // seconds
		want             []string
	}{
		{"both are stored", "max-age=60", "max-age=60", []int{0, 1, 59, 60}, []string{both, none, none, both}},
		{"the template is", "max-age=60", "no-store", []int{0, 1, 59}, []string{both, part, part}},
		{"the fragment is", "no-store", "max-age=60", []int{0, 1, 59}, []string{both, page, page}},
		{"neither is", "no-store", "private", []int{0, 1}, []string{both, both}},
		{"the template for longer", "max-age=60", "max-age=10", []int{0, 9, 10, 20}, []string{both, none, part, part}},
		{"the fragment for longer", "max-age=10", "max-age=60", []int{0, 9, 10, 20}, []string{both, none, page, page}},
		{"the template must be asked for again", "max-age=60, no-cache", "max-age=60", []int{0, 1}, []string{both, page}},
		{"the template is renewed in the background", "max-age=1, stale-while-revalidate=60", "max-age=60", []int{0, 2, 2}, []string{both, page, none}},
		{"the fragment is", "max-age=60", "max-age=1, stale-while-revalidate=60", []int{0, 2, 2}, []string{both, part, none}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var origin calls
				b := newBubble(t, composer.Options{}, origin.count(paths{
					"/page": with("Cache-Control: "+test.page, template(`<esi:include src="/part"/>`)),
					"/part": with("Cache-Control: "+test.part, piece("part")),
				}.serve))
				began := time.Now()
				for i, second := range test.at {
					time.Sleep(time.Duration(second)*time.Second - time.Since(began))
					if got := b.ask(t, "GET /page"); got.body != "part" {
						t.Errorf("at %d s: page = %d %q; want part", second, got.status, got.body)
					}
					synctest.Wait() // for what is renewed
					want := make(map[string]int)
					for path := range strings.FieldsSeq(test.want[i]) {
						want[path] = 1
					}
					if diff := cmp.Diff(want, origin.taken(), cmpEmpty); diff != "" {
						t.Errorf("at %d s: requests (-want +got):\n%s", second, diff)
					}
				}
			})
		})
	}
}

// cmpEmpty compares maps of which one may be nil.
var cmpEmpty = cmp.Transformer("filled", func(m map[string]int) map[string]int {
	filled := map[string]int{"": 0}
	for k, v := range m {
		filled[k] = v
	}
	return filled
})

// Neither is a stored template asked for again, nor one that a 304 renews.
func TestAStoredTemplateShowsEachVisitorWhatTheirRequestSays(t *testing.T) {
	const page = `<esi:vars>$(QUERY_STRING{a}) $(HTTP_ACCEPT_LANGUAGE) $(HTTP_COOKIE{group})</esi:vars> ` +
		`<esi:include src="/echo?$(QUERY_STRING{a})"/><esi:choose><esi:when test="$(HTTP_COOKIE{group})=='gold'"> <esi:include src="/echo?gold"/></esi:when></esi:choose>`
	tests := []struct{ name, header string }{
		{"fresh", "Cache-Control: max-age=60"},
		{"validated each time", `Cache-Control: no-cache|ETag: "1"`},
		{"validated each time, by its date", "Cache-Control: no-cache|Last-Modified: Mon, 02 Jan 2006 15:04:05 GMT"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var templates atomic.Int32
				b := newBubble(t, composer.Options{ESICookies: []string{"group"}}, paths{
					"/page": with(test.header, func(w http.ResponseWriter, r *http.Request) {
						if r.Header.Get("If-None-Match")+r.Header.Get("If-Modified-Since") != "" {
							w.WriteHeader(http.StatusNotModified)
							return
						}
						templates.Add(1)
						template(page)(w, r)
					}),
					"/echo": with("Cache-Control: max-age=60", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "["+r.URL.RawQuery+"]") }),
				}.serve)
				for _, visitor := range []struct{ request, want string }{
					{"GET /page?esi_x&a=1|Accept-Language: de", "1 de  [1]"},
					{"GET /page?a=1|Accept-Language: en|Cookie: group=gold", "1 en gold [1] [gold]"},
					{"GET /page?a=1|Accept-Language: de|Cookie: group=tin", "1 de tin [1]"},
				} {
					if got := b.ask(t, visitor.request).body; got != visitor.want {
						t.Errorf("%s = %q; want %q", visitor.request, got, visitor.want)
					}
				}
				if n := templates.Load(); n != 1 {
					t.Errorf("the template was sent %d times; want once", n)
				}
			})
		})
	}
}

// TestAStaleAnswerCoversAFailureForAsLongAsItSays is stale-if-error (RFC 5861
// §4).
func TestAStaleAnswerCoversAFailureForAsLongAsItSays(t *testing.T) {
	ways := []struct {
		name string
		h    http.HandlerFunc
	}{
		{"answers 500", status(500, "")},
		{"is gone", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{"breaks in its body", with("Content-Length: 100", cutOff)},
	}
	for _, kind := range kindsOfAnswers {
		for _, way := range ways {
			t.Run(kind.name+" that "+way.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int32
					b := newBubble(t, composer.Options{}, onEachWay(func(w http.ResponseWriter, r *http.Request) {
						if asked.Add(1) > 1 {
							way.h(w, r)
							return
						}
						set(w, "Cache-Control: max-age=10, stale-if-error=100")
						_, _ = io.WriteString(w, "whole")
					}))
					for _, step := range []struct {
						second  int
						covered bool
					}{{0, true}, {20, true}, {80, true}, {200, false}} {
						time.Sleep(time.Until(epoch.Add(time.Duration(step.second) * time.Second)))
						if got := b.ask(t, kind.request); (got.body == kind.want && got.status == 200) != step.covered {
							t.Errorf("at %d s: %d %q; want it covered: %v", step.second, got.status, got.body, step.covered)
						}
					}
				})
			})
		}
	}
}

// epoch is when the time of every bubble begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// TestAnOldAnswerIsUsedWhileOneRequestRenewsIt is stale-while-revalidate (RFC
// 5861 §3).
func TestAnOldAnswerIsUsedWhileOneRequestRenewsIt(t *testing.T) {
	for _, kind := range kindsOfAnswers {
		t.Run(kind.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				b := newBubble(t, composer.Options{}, onEachWay(with("Cache-Control: max-age=10, stale-while-revalidate=100", func(w http.ResponseWriter, _ *http.Request) {
					n := asked.Add(1)
					time.Sleep(time.Second / 2)
					_, _ = fmt.Fprint(w, n)
				})))
				show := func(n int) string { return strings.Replace(kind.want, "whole", fmt.Sprint(n), 1) }
				for _, step := range []struct {
					second, want, asked int
					took                time.Duration
				}{{0, 1, 1, time.Second / 2}, {20, 1, 2, 0}, {21, 2, 2, 0}, {300, 3, 3, time.Second / 2}} {
					time.Sleep(time.Until(epoch.Add(time.Duration(step.second) * time.Second)))
					var all sync.WaitGroup
					for range 10 {
						all.Go(func() {
							began := time.Now()
							if got := b.ask(t, kind.request).body; got != show(step.want) || time.Since(began) != step.took {
								t.Errorf("at %d s: %q after %v; want %q after %v", step.second, got, time.Since(began), show(step.want), step.took)
							}
						})
					}
					all.Wait()
					synctest.Wait()
					if n := int(asked.Load()); n != step.asked {
						t.Errorf("at %d s the origin was asked %d times; want %d", step.second, n, step.asked)
					}
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

// TestWhatIsForOneVisitorIsNotStored is RFC 9111 §3 and §3.5.
func TestWhatIsForOneVisitorIsNotStored(t *testing.T) {
	tests := []struct {
		name, answer, request string
		asked                 int32 // by two visitors
		fragment              int32 // the same of a fragment, which learns less of them
	}{
		{"nothing is said", "Cache-Control: max-age=60", "", 1, 1},
		{"a cookie is set", "Cache-Control: max-age=60|Set-Cookie: session=1", "", 2, 2},
		{"it is private", "Cache-Control: private, max-age=60", "", 2, 2},
		{"it is not to be stored", "Cache-Control: no-store, max-age=60", "", 2, 2},
		{"nor by surrogates", "Cache-Control: max-age=60|Surrogate-Control: no-store", "", 2, 2},
		{"the visitor has a password, which a fragment does not see", "Cache-Control: max-age=60", "Authorization: Basic x", 2, 1},
		{"the visitor has a password, and it is for all", "Cache-Control: max-age=60, public", "Authorization: Basic x", 1, 1},
		{"the visitor has a cookie", "Cache-Control: max-age=60", "Cookie: a=b", 1, 1},
	}
	for _, kind := range kindsOfAnswers {
		for _, test := range tests {
			t.Run(kind.name+": "+test.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int32
					b := newBubble(t, composer.Options{}, onEachWay(with(test.answer, func(w http.ResponseWriter, r *http.Request) {
						asked.Add(1)
						_, _ = io.WriteString(w, "whole")
					})))
					for range 2 {
						if got := b.ask(t, kind.request+"|"+test.request).body; got != kind.want {
							t.Errorf("answer = %q; want %q", got, kind.want)
						}
					}
					want := test.asked
					if strings.HasPrefix(kind.name, "a fragment") {
						want = test.fragment
					}
					if n := asked.Load(); n != want {
						t.Errorf("the origin was asked %d times; want %d", n, want)
					}
				})
			})
		}
	}
}
