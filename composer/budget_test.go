package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// watched is a handler that knows how many of its requests have been given up,
// and when that was last.
type watched struct {
	asked, givenUp atomic.Int32
	at             atomic.Int64 // unix nanoseconds
}

// hang writes a part of an answer, and the rest if it is not given up before.
func (h *watched) hang(begin string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		if begin != "" {
			flushed(w, begin)
		}
		select {
		case <-r.Context().Done():
			h.givenUp.Add(1)
			h.at.Store(time.Now().UnixNano())
		case <-time.After(time.Hour):
			_, _ = io.WriteString(w, "late")
		}
	}
}

func (h *watched) lastGivenUp(since time.Time) time.Duration {
	return time.Duration(h.at.Load() - since.UnixNano())
}

func TestAnIncludeThatIsLateIsGivenUpForWhatStandsInItsPlace(t *testing.T) {
	tests := []struct {
		name, page string
		want       string
		after      time.Duration
	}{
		{"its content", `a<esi:include src="/slow" maxwait="300">b</esi:include>`, "ab", 300 * time.Millisecond},
		{"another address", `a<esi:include src="/slow" alt="/good" maxwait="300"/>`, "agood", 300 * time.Millisecond},
		{"another address that is late too", `a<esi:include src="/slow" alt="/slow" maxwait="300">b</esi:include>`, "ab", 600 * time.Millisecond},
		{"nothing", `a<esi:include src="/slow" maxwait="300" onerror="continue"/>b`, "ab", 300 * time.Millisecond},
		{"an except", try(`<esi:include src="/slow" maxwait="300"/>`, "b"), "b", 300 * time.Millisecond},
		{"its content, if it never ends", `a<esi:include src="/begun" maxwait="300">b</esi:include>`, "ab", 300 * time.Millisecond},
		{"its content, though it includes what is there", `a<esi:include src="/parent" maxwait="300">b</esi:include>`, "ab", 300 * time.Millisecond},
		{"its content, for as long as all wait that say nothing", `a<esi:include src="/slow">b</esi:include>`, "ab", 2 * time.Second},
		{"its content, at the end of the page", `a<esi:include src="/slow" maxwait="60000">b</esi:include>`, "ab", 5 * time.Second},
	}
	for _, store := range []int{0, -1} {
		for _, test := range tests {
			t.Run(fmt.Sprint(test.name, ", with a cache of ", store), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var slow watched
					b := newBubble(t, composer.Options{MaxWait: 2 * time.Second, PageTimeout: 5 * time.Second, CacheSize: store}, paths{
						"/page": template(test.page), "/good": piece("good"), "/slow": slow.hang(""), "/begun": slow.hang("secret"),
						"/parent": template1(slow.hang(`<esi:include src="/good"/>`)),
					}.serve)
					began := time.Now()
					got, took := b.ask(t, "GET /page"), time.Since(began)
					synctest.Wait()
					if got.body != test.want || got.err != nil || took != test.after {
						t.Errorf("page = %q, %v after %v; want %q after %v", got.body, got.err, took, test.want, test.after)
					}
					if asked, givenUp := slow.asked.Load(), slow.givenUp.Load(); asked == 0 || asked != givenUp || slow.lastGivenUp(began) != test.after {
						t.Errorf("%d requests, of which %d were given up after %v; want all after %v", asked, givenUp, slow.lastGivenUp(began), test.after)
					}
				})
			})
		}
	}
}

// template1 opts another answer in to be read as ESI.
func template1(h http.HandlerFunc) http.HandlerFunc {
	return with(`Content-Type: text/html|Surrogate-Control: content="ESI/1.0"`, h)
}

func TestAStaleAnswerStandsInThePlaceOfALateOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		var slow watched
		b := newBubble(t, composer.Options{}, paths{
			"/page": template(`<esi:include src="/part" maxwait="300">none</esi:include>`),
			"/part": func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) > 1 {
					slow.hang("")(w, r)
					return
				}
				set(w, "Cache-Control: max-age=1, stale-if-error=60")
				_, _ = io.WriteString(w, "old")
			},
		}.serve)
		for i, want := range []struct {
			body string
			took time.Duration
		}{{"old", 0}, {"old", 300 * time.Millisecond}} {
			began := time.Now()
			if got := b.ask(t, "GET /page"); got.body != want.body || time.Since(began) != want.took {
				t.Errorf("request %d: page = %q after %v; want %q after %v", i+1, got.body, time.Since(began), want.body, want.took)
			}
			time.Sleep(2 * time.Second)
		}
		if slow.givenUp.Load() != 1 {
			t.Error("the late request goes on")
		}
	})
}

// The one that began the request has less patience than the other.
func TestALateRequestGoesOnForWhoElseWaitsForIt(t *testing.T) {
	for _, header := range []string{"Cache-Control: max-age=60", `Cache-Control: max-age=60|Surrogate-Control: content="ESI/1.0"`} {
		t.Run(header, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				part := func(w http.ResponseWriter, r *http.Request) {
					flushed(w, "o")
					select {
					case <-time.After(time.Second):
						_, _ = io.WriteString(w, "k")
					case <-r.Context().Done():
						t.Error("the request was given up")
					}
				}
				b := newBubble(t, composer.Options{MaxWait: 10 * time.Second}, paths{
					"/hasty":   template(`<esi:include src="/part" maxwait="300">none</esi:include>`),
					"/patient": template(`<esi:include src="/part">none</esi:include>`),
					"/part":    with(header, part),
				}.serve)
				var all sync.WaitGroup
				for i, target := range []string{"GET /hasty", "GET /patient", "GET /patient"} {
					all.Go(func() {
						if got, want := b.ask(t, target).body, []string{"none", "ok", "ok"}[i]; got != want {
							t.Errorf("%s = %q; want %q", target, got, want)
						}
					})
					synctest.Wait()
				}
				all.Wait()
			})
		})
	}
}

// Every fragment learns how long it is waited for: it is never longer than for
// the page, of which the fragments above it have had their part.
func TestNestedIncludesShareTheTimeOfTheirPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told sync.Map
		level := func(page string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				told.Store(r.URL.Path, r.Header.Get("Selvedge-Timeout"))
				time.Sleep(2 * time.Second)
				template(page)(w, r)
			}
		}
		b := newBubble(t, composer.Options{MaxWait: 4 * time.Second, PageTimeout: 7 * time.Second}, paths{
			"/page":  template(`<esi:include src="/one"/>`),
			"/one":   level(`<esi:include src="/two"/>`),
			"/two":   level(`<esi:include src="/three" maxwait="1000000">late</esi:include>`),
			"/three": level(`<esi:include src="/four">late</esi:include>`),
			"/four":  level(`four`),
		}.serve)
		began := time.Now()
		got, took := b.ask(t, "GET /page").body, time.Since(began)
		if got != "late" || took != 7*time.Second {
			t.Errorf("page = %q after %v; want late after 7s", got, took)
		}
		for path, want := range map[string]time.Duration{"/one": 4 * time.Second, "/two": 4 * time.Second, "/three": 3 * time.Second, "/four": time.Second} {
			value, _ := told.Load(path)
			if got, _ := value.(string); got != strconv.FormatInt(want.Milliseconds(), 10) {
				t.Errorf("%s has %s ms; want %v", path, got, want)
			}
		}
		time.Sleep(time.Minute)
	})
}
