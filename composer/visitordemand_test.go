package composer_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// forcing are fields with which a request asks for a fetch.
var forcing = []string{
	"Cache-Control: no-cache", "Cache-Control: no-store", "Cache-Control: max-age=0", "Cache-Control: max-age=5", "Cache-Control: min-fresh=1000",
	"Cache-Control: no-cache, no-store, max-age=0|Pragma: no-cache", "Pragma: no-cache",
}

func TestNoVisitorForcesAFetch(t *testing.T) {
	for _, lines := range forcing {
		for _, obeys := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, obeyed: %v", lines, obeys), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int32
					b := newBubble(t, composer.Options{ObeyRequestCacheControl: obeys}, func(w http.ResponseWriter, _ *http.Request) {
						set(w, "Cache-Control: max-age=60")
						_, _ = fmt.Fprint(w, asked.Add(1))
					})
					b.ask(t, "GET /x")
					time.Sleep(10 * time.Second)
					want := "1"
					if obeys {
						want = "2"
					}
					if got := b.ask(t, "GET /x|"+lines).body; got != want {
						t.Errorf("with %s a visitor gets answer %s; want %s", lines, got, want)
					}
				})
			})
		}
	}
}

func TestOnlyIfCachedIsObeyed(t *testing.T) {
	b := newProxy(t, composer.Options{}, numbered("Cache-Control: max-age=60").ServeHTTP)
	for _, test := range []struct {
		lines  string
		status int
	}{{"GET /x|Cache-Control: only-if-cached", 504}, {"GET /x", 200}, {"GET /x|Cache-Control: only-if-cached, no-cache", 200}} {
		if got := b.ask(t, test.lines).status; got != test.status {
			t.Errorf("%s is answered with %d; want %d", test.lines, got, test.status)
		}
	}
}

// TestWhatAVisitorDemandsCausesNoFetchOfTheirOwn has visitors wait together for
// what is not stored, and for what is stale.
func TestWhatAVisitorDemandsCausesNoFetchOfTheirOwn(t *testing.T) {
	for _, stored := range []bool{false, true} {
		for _, lines := range append([]string{"Cache-Control: max-stale=5", "Cache-Control: max-stale=0", "Cache-Control: stale-if-error=100"}, forcing...) {
			t.Run(fmt.Sprintf("%s, stored: %v", lines, stored), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int32
					b := newBubble(t, composer.Options{}, func(w http.ResponseWriter, _ *http.Request) {
						asked.Add(1)
						time.Sleep(time.Second)
						set(w, "Cache-Control: max-age=10")
						_, _ = w.Write([]byte("x"))
					})
					if stored {
						b.ask(t, "GET /x")
						time.Sleep(time.Minute)
						asked.Store(0)
					}
					var all sync.WaitGroup
					for range 20 {
						all.Go(func() {
							if got := b.ask(t, "GET /x|"+lines); got.status != http.StatusOK || got.body != "x" {
								t.Errorf("answer = %d %q; want 200 x", got.status, got.body)
							}
						})
					}
					all.Wait()
					if n := asked.Load(); n != 1 {
						t.Errorf("twenty visitors with %s have the origin asked %d times; want once", lines, n)
					}
				})
			})
		}
	}
}

// TestAStaleAnswerThatOneVisitorAllowsIsNotForOthers has visitors wait together
// for an origin that fails, of whom some allow a stale answer.
func TestAStaleAnswerThatOneVisitorAllowsIsNotForOthers(t *testing.T) {
	for _, first := range []string{"|Cache-Control: stale-if-error=1000", ""} {
		t.Run("the first asks with "+first, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fails := false
				b := newBubble(t, composer.Options{}, func(w http.ResponseWriter, _ *http.Request) {
					time.Sleep(time.Second)
					if fails {
						panic(http.ErrAbortHandler)
					}
					set(w, "Cache-Control: max-age=10")
					_, _ = w.Write([]byte("old"))
				})
				b.ask(t, "GET /x")
				time.Sleep(time.Minute)
				fails = true
				var all sync.WaitGroup
				for i, lines := range []string{first, "|Cache-Control: stale-if-error=1000", "", "|Cache-Control: stale-if-error=1"} {
					want := "502 Bad Gateway\n"
					if lines == "|Cache-Control: stale-if-error=1000" {
						want = "200 old"
					}
					all.Go(func() {
						got := b.ask(t, "GET /x"+lines)
						if got := fmt.Sprint(got.status, " ", got.body); got != want {
							t.Errorf("visitor %d with %q gets %q; want %q", i, lines, got, want)
						}
					})
					synctest.Wait()
				}
				all.Wait()
			})
		})
	}
}
