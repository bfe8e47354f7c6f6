package composer_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// inParts answers with parts that leave each for itself, some time apart.
func inParts(apart time.Duration, parts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i, part := range parts {
			if i > 0 {
				select {
				case <-time.After(apart):
				case <-r.Context().Done():
					return
				}
			}
			flushed(w, part)
		}
	}
}

// counting counts the requests to a handler.
func counting(n *atomic.Int32, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		h(w, r)
	}
}

// dated records how many bytes come before anything can be seen of a delay.
type dated struct {
	*recording
	began time.Time
	early int
}

func (w *dated) Write(p []byte) (int, error) {
	if time.Since(w.began) < 20*time.Millisecond { // with the second piece of a page
		w.early += len(p)
	}
	return w.recording.Write(p)
}

func TestADocumentStreamsToWhoAskedAndIsStored(t *testing.T) {
	start := strings.Repeat("a", 50_000)
	for name, header := range map[string]string{
		"of unknown length": "Cache-Control: max-age=60",
		"of known length":   "Cache-Control: max-age=60|Content-Length: " + strconv.Itoa(len(start)+3),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				b := newBubble(t, composer.Options{}, counting(&asked, with(header, inParts(time.Second, start, "end"))))
				w := &dated{recording: newRecording(), began: time.Now()}
				if err := b.serve(t.Context(), w, "GET /x"); err != nil || w.body.String() != start+"end" {
					t.Errorf("%d bytes came, %v; want all %d", w.body.Len(), err, len(start)+3)
				}
				if w.early != len(start) {
					t.Errorf("%d bytes came at once; want the %d that the origin had sent", w.early, len(start))
				}
				synctest.Wait()
				if got := b.ask(t, "GET /x"); got.body != start+"end" || asked.Load() != 1 {
					t.Errorf("the next answer has %d bytes, after %d requests; want it from the store", len(got.body), asked.Load())
				}
			})
		})
	}
}

// notKept are documents that might be stored, but for their size or the time
// that they take.
var notKept = []struct {
	name    string
	options composer.Options
	part    string
	apart   time.Duration
}{
	{"too large", composer.Options{MaxFragment: 100, MaxInFlight: 1}, strings.Repeat("a", 30), time.Second / 10},
	{"too slow", composer.Options{PageTimeout: 4 * time.Second, MaxInFlight: 1}, "a", time.Second},
}

func TestADocumentThatCannotBeKeptPassesThrough(t *testing.T) {
	const parts = 10
	for _, test := range notKept {
		t.Run("that is "+test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				h := counting(&asked, with("Cache-Control: max-age=60", inParts(test.apart, slicesOf(test.part, parts)...)))
				b := newBubble(t, test.options, paths{"/x": h, "/good": piece("good")}.serve)
				want := strings.Repeat(test.part, parts)
				var all sync.WaitGroup
				for range 3 { // of whom two wait for the first, and then ask for themselves
					all.Go(func() {
						if got := b.ask(t, "GET /x"); got.body != want || got.err != nil {
							t.Errorf("%d bytes came, %v; want %d", len(got.body), got.err, len(want))
						}
					})
				}
				time.Sleep(test.apart * parts * 3 / 4)
				if got := b.ask(t, "GET /good").body; got != "good" {
					t.Errorf("another answer is %q; want good: it holds the place for as long as it takes", got)
				}
				all.Wait()
				if got := b.ask(t, "GET /x"); got.body != want || asked.Load() != 4 {
					t.Errorf("the next answer has %d bytes, after %d requests; want %d, after 4", len(got.body), asked.Load(), len(want))
				}
			})
		})
	}
}

func slicesOf(part string, n int) (parts []string) {
	for range n {
		parts = append(parts, part)
	}
	return parts
}

// TestWhoLeavesADocumentThatPassesThroughEndsIt does so before it is clear that
// the document will not be kept, and after.
func TestWhoLeavesADocumentThatPassesThroughEndsIt(t *testing.T) {
	for _, test := range notKept {
		for _, early := range []bool{true, false} {
			for _, joined := range []bool{true, false} {
				t.Run(test.name+", early "+strconv.FormatBool(early)+", joined "+strconv.FormatBool(joined), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						var at atomic.Int32
						b := newBubble(t, test.options, with("Cache-Control: max-age=60", func(w http.ResponseWriter, r *http.Request) {
							at.Add(1)
							defer at.Add(-1)
							inParts(test.apart, slicesOf(test.part, 10)...)(w, r)
						}))
						ctx, leave := context.WithCancel(t.Context())
						var all sync.WaitGroup
						all.Go(func() { _ = b.serve(ctx, newRecording(), "GET /x") })
						synctest.Wait()
						if joined {
							all.Go(func() {
								if got := b.ask(t, "GET /x"); len(got.body) != 10*len(test.part) || got.err != nil {
									t.Errorf("who came later has %d bytes, %v; want all %d", len(got.body), got.err, 10*len(test.part))
								}
							})
						}
						stays := test.apart / 2
						if !early {
							stays = 6 * test.apart
						}
						time.Sleep(stays)
						leave()
						if !joined {
							all.Wait()
							synctest.Wait()
							if n := at.Load(); n != 0 {
								t.Errorf("%d requests go on; want none", n)
							}
						}
						all.Wait()
					})
				})
			}
		}
	}
}

// endless answers with more than anybody takes, and counts those for whom it
// still does.
func endless(at *atomic.Int32) http.HandlerFunc {
	part := []byte(strings.Repeat("x", 1000))
	return func(w http.ResponseWriter, _ *http.Request) {
		at.Add(1)
		defer at.Add(-1)
		for {
			if _, err := w.Write(part); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// TestNothingIsLeftOfADocumentThatNobodyReads has its visitors leave when it is
// about to become clear that the document will not be kept, a little before or
// after: who ends it is then a race.
func TestNothingIsLeftOfADocumentThatNobodyReads(t *testing.T) {
	const visitors, limit = 150, 50_000
	tests := []struct {
		name, header          string
		stored, joined, alone bool
	}{
		{name: "a flight", header: "max-age=60"},
		{name: "a flight with another visitor", header: "max-age=60", joined: true},
		{name: "a request for one", header: "max-age=60", alone: true},
		{name: "a validation", header: "no-cache", stored: true},
		{name: "a stale answer", header: "max-age=1, stale-if-error=60", stored: true},
		{name: "a refresh", header: "max-age=1, stale-while-revalidate=60", stored: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var at atomic.Int32
				var large atomic.Bool
				flood := endless(&at)
				b := newBubble(t, composer.Options{MaxFragment: limit}, with(`ETag: "1"|Cache-Control: `+test.header, func(w http.ResponseWriter, r *http.Request) {
					if large.Load() {
						flood(w, r)
						return
					}
					_, _ = io.WriteString(w, "small")
				}))
				for i := range visitors {
					request := "GET /x"
					if !test.alone {
						request += "?" + strconv.Itoa(i)
					}
					if large.Store(!test.stored); test.stored {
						b.ask(t, request)
						time.Sleep(2 * time.Second)
						large.Store(true)
					}
					ctx, leave := context.WithCancel(t.Context())
					var all sync.WaitGroup
					visit := func(takes int) { _ = b.serve(ctx, &impatient{newRecording(), leave, takes}, request) }
					all.Go(func() { visit(limit - 10_000 + i%15*1000) })
					if test.joined {
						all.Go(func() { visit(1 << 30) })
					}
					all.Wait()
					leave() // as the server does when the handler has returned
				}
				time.Sleep(time.Hour)
				if n := at.Load(); n != 0 {
					t.Errorf("%d of %d requests go on; want none", n, visitors)
				}
			})
		})
	}
}

// TestAFailureForWhichAStaleAnswerStandsInIsEnded has one that is only for the
// visitor who asked.
func TestAFailureForWhichAStaleAnswerStandsInIsEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at, asked atomic.Int32
		flood := endless(&at)
		b := newBubble(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) == 1 {
				set(w, "Cache-Control: max-age=1, stale-if-error=60")
				_, _ = io.WriteString(w, "stale")
				return
			}
			set(w, "Cache-Control: private")
			w.WriteHeader(http.StatusServiceUnavailable)
			flood(w, r)
		})
		b.ask(t, "GET /x")
		time.Sleep(2 * time.Second)
		if got := b.ask(t, "GET /x").body; got != "stale" || asked.Load() != 2 {
			t.Errorf("answer = %q after %d requests; want stale after 2", got, asked.Load())
		}
		synctest.Wait()
		if n := at.Load(); n != 0 {
			t.Errorf("%d requests go on; want none", n)
		}
	})
}

// TestADeadOriginIsBackAlthoughItsDocumentsTakeLong asks for one that passes
// through, which says that the origin is back long before it has ended.
func TestADeadOriginIsBackAlthoughItsDocumentsTakeLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dead atomic.Bool
		long := with("Cache-Control: max-age=60", inParts(time.Second/2, slicesOf(strings.Repeat("x", 1000), 100)...))
		b := newBubble(t, composer.Options{MaxFragment: 1000}, func(w http.ResponseWriter, r *http.Request) {
			if dead.Load() {
				panic(http.ErrAbortHandler)
			}
			long(w, r)
		})
		dead.Store(true)
		for i := range 40 {
			b.ask(t, "GET /x?"+strconv.Itoa(i))
		}
		dead.Store(false)
		time.Sleep(2 * time.Second)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		go func() { _ = b.serve(ctx, newRecording(), "GET /long") }()
		time.Sleep(time.Second)
		within, end := context.WithTimeout(t.Context(), time.Second)
		defer end()
		if got := b.askWithin(within, "GET /other"); got.status != 200 {
			t.Errorf("three seconds after the repair, the answer is %d; want 200", got.status)
		}
	})
}

// TestADocumentThatBreaksOffIsCutOff is for one that could be stored.
func TestADocumentThatBreaksOffIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		b := newBubble(t, composer.Options{}, counting(&asked, with("Cache-Control: max-age=60", func(w http.ResponseWriter, _ *http.Request) {
			flushed(w, "some")
			time.Sleep(time.Second)
			panic(http.ErrAbortHandler)
		})))
		for i := range int32(2) {
			synctest.Wait() // or the second would wait together with the first
			if got := b.ask(t, "GET /x"); got.status != 200 || got.body != "some" || !errors.Is(got.err, http.ErrAbortHandler) || asked.Load() != i+1 {
				t.Errorf("answer = %d %q, %v, after %d requests; want some, and that it is cut off", got.status, got.body, got.err, asked.Load())
			}
		}
	})
}

// TestLessOfADocumentThatIsNotKeptIsAllOfIt asks for a part of what was stored
// once, and has become too large.
func TestLessOfADocumentThatIsNotKeptIsAllOfIt(t *testing.T) {
	large := strings.Repeat("a", 300)
	tests := []struct {
		name, request string
		status        int
		body          string
	}{
		{"a part", "GET /x|Range: bytes=0-1", 200, large},
		{"what has changed", `GET /x|If-None-Match: "0"`, 200, large},
		{"what has not", `GET /x|If-None-Match: "1"`, 304, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBubble(t, composer.Options{MaxFragment: 100}, func(w http.ResponseWriter, _ *http.Request) {
					if time.Since(epoch) < time.Second {
						set(w, "Cache-Control: max-age=1", `ETag: "0"`)
						_, _ = io.WriteString(w, "small")
						return
					}
					set(w, "Cache-Control: max-age=1", `ETag: "1"`)
					flushed(w, large[:50])
					time.Sleep(time.Second / 10)
					flushed(w, large[50:])
				})
				if got := b.ask(t, "GET /x").body; got != "small" {
					t.Fatalf("answer = %q; want small", got)
				}
				time.Sleep(3 * time.Second)
				if got := b.ask(t, test.request); got.status != test.status || got.body != test.body || got.err != nil {
					t.Errorf("answer = %d with %d bytes, %v; want %d with %d", got.status, len(got.body), got.err, test.status, len(test.body))
				}
			})
		})
	}
}
