package composer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// failures are the ways in which a source can fail a request.
var failures = []struct {
	name string
	most int32 // requests that one failure takes, with retries
	h    http.HandlerFunc
}{
	{"answers 500", 1, status(500, "secret")},
	{"answers 502", 1, status(502, "secret")},
	{"answers 503 slowly", 1, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(503)
		inParts(time.Second/8, "sec", "ret")(w, r)
	}},
	{"answers 500 that must not be stored", 1, with("Cache-Control: no-cache", status(500, "secret"))},
	{"loses the connection", 3, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	{inItsBody, 1, with("Cache-Control: max-age=60", func(w http.ResponseWriter, _ *http.Request) {
		flushed(w, "secret")
		panic(http.ErrAbortHandler)
	})},
}

const inItsBody = "breaks in its body"

// TestAFailureThatOneHeaderCausesIsNobodyElses begins a fetch with a header
// that makes the source fail, and has a hundred others wait for it.
func TestAFailureThatOneHeaderCausesIsNobodyElses(t *testing.T) {
	for _, kind := range kindsOfAnswers {
		for _, failure := range failures {
			if failure.name == inItsBody && kind.early {
				continue // all who wait have the beginning by then
			}
			t.Run(kind.name+" whose source "+failure.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int32
					b := newBubble(t, composer.Options{PageTimeout: time.Minute}, onEachWay(func(w http.ResponseWriter, r *http.Request) {
						asked.Add(1)
						time.Sleep(time.Second / 4)
						if r.Header.Get("User-Agent") == "breaks" {
							failure.h(w, r)
							return
						}
						set(w, "Cache-Control: max-age=60")
						_, _ = io.WriteString(w, "whole")
					}))
					var all sync.WaitGroup
					all.Go(func() {
						if got := b.ask(t, kind.request+"|User-Agent: breaks"); got.body == kind.want {
							t.Errorf("the answer to the request that fails = %d %q; want the failure", got.status, got.body)
						}
					})
					synctest.Wait() // until that request has reached the source
					for range 100 {
						all.Go(func() {
							if got := b.ask(t, kind.request); got.status != 200 || got.body != kind.want || got.err != nil {
								t.Errorf("answer = %d %q, %v; want %q", got.status, got.body, got.err, kind.want)
							}
						})
					}
					all.Wait()
					if n, most := asked.Load(), failure.most+1; n > most {
						t.Errorf("the source was asked %d times; want %d at most", n, most)
					}
				})
			})
		}
	}
}

// TestEachVisitorHasTheirOwnFailure has five visitors ask at once for what
// fails and shows the cookie of who asks.
func TestEachVisitorHasTheirOwnFailure(t *testing.T) {
	for _, status := range []int{500, 502, 503, 504} {
		for _, control := range []string{"", "no-cache", "max-age=0", "public"} {
			t.Run(fmt.Sprintf("%d with Cache-Control: %s", status, control), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := newBubble(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
						time.Sleep(time.Second)
						set(w, "Cache-Control: "+control)
						w.WriteHeader(status)
						_, _ = io.WriteString(w, "of "+r.Header.Get("Cookie"))
					})
					var all sync.WaitGroup
					for i := range 5 {
						all.Go(func() {
							cookie := fmt.Sprintf("session=%d", i)
							if got := b.ask(t, "GET /x|Cookie: "+cookie); got.status != status || got.body != "of "+cookie {
								t.Errorf("answer to %s = %d %q; want %d and its own body", cookie, got.status, got.body, status)
							}
						})
					}
					all.Wait()
				})
			})
		}
	}
}

// TestAFailureIsNotRemembered asks once while the source fails, and once when it
// does not.
func TestAFailureIsNotRemembered(t *testing.T) {
	for _, kind := range kindsOfAnswers {
		for _, failure := range failures {
			t.Run(kind.name+" whose source "+failure.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var mended atomic.Bool
					b := newBubble(t, composer.Options{}, onEachWay(func(w http.ResponseWriter, r *http.Request) {
						if mended.Load() {
							_, _ = io.WriteString(w, "whole")
							return
						}
						failure.h(w, r)
					}))
					if got := b.ask(t, kind.request); got.body == kind.want {
						t.Errorf("answer = %d %q; want the failure", got.status, got.body)
					}
					synctest.Wait()
					mended.Store(true)
					if got := b.ask(t, kind.request).body; got != kind.want {
						t.Errorf("the next answer is %q; want %q", got, kind.want)
					}
				})
			})
		}
	}
}

// TestThatASourceCannotBeReachedIsForAllWhoWait: nothing of a request was sent,
// so that its header is no reason, and to dial again for each would help nobody.
func TestThatASourceCannotBeReachedIsForAllWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dialed atomic.Int32
		b := newBubble(t, composer.Options{}, status(200, "whole"))
		proxy := composer.ProxyOver(b.Composer, func(context.Context, string, string) (net.Conn, error) {
			dialed.Add(1)
			time.Sleep(time.Second)
			return nil, errors.New("there is no network")
		})
		b.proxy = proxy
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if got := b.ask(t, "GET /x").status; got != 502 {
					t.Errorf("status = %d; want 502", got)
				}
			})
		}
		all.Wait()
		if n := dialed.Load(); n != 1 {
			t.Errorf("the source was dialed %d times for 100 visitors; want once", n)
		}
	})
}
