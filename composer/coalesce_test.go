package composer_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// kindsOfAnswers are what a visitor may ask a proxy for, and what comes of it.
var kindsOfAnswers = []struct{ name, request, want string }{
	{"a document", "GET /document", "whole"},
	{"a template", "GET /template", "whole"},
	{"a fragment", "GET /page", "(whole)"},
	{"a fragment that something can stand in for", "GET /fallback", "(whole)"},
	{"a fragment of a fragment", "GET /nested", "((whole))"},
}

// onEachWay is an origin of those kinds, which all come to one handler.
func onEachWay(h http.HandlerFunc) http.HandlerFunc {
	return paths{
		"/document": h,
		"/template": template1(h),
		"/part":     h,
		"/page":     with("Cache-Control: max-age=3600", template(`(<esi:include src="/part"/>)`)),
		"/fallback": with("Cache-Control: max-age=3600", template(`(<esi:include src="/part">none</esi:include>)`)),
		"/nested":   with("Cache-Control: max-age=3600", template(`(<esi:include src="/page"/>)`)),
	}.serve
}

func TestAThousandVisitorsWhoMissAreOneRequest(t *testing.T) {
	ways := []struct {
		name string
		h    func(w http.ResponseWriter)
	}{
		{"at once", func(w http.ResponseWriter) { time.Sleep(time.Second / 2); _, _ = io.WriteString(w, "whole") }},
		{"in pieces", func(w http.ResponseWriter) {
			flushed(w, "who")
			time.Sleep(time.Second / 2)
			_, _ = io.WriteString(w, "le")
		}},
	}
	for _, kind := range kindsOfAnswers {
		for _, way := range ways {
			t.Run(kind.name+" that comes "+way.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int32
					b := newBubble(t, composer.Options{}, onEachWay(with("Cache-Control: max-age=60", func(w http.ResponseWriter, _ *http.Request) {
						asked.Add(1)
						time.Sleep(time.Second / 4)
						way.h(w)
					})))
					ctx, leave := context.WithCancel(t.Context())
					var all sync.WaitGroup
					all.Go(func() { b.askWithin(ctx, kind.request) }) // for whom the request begins
					synctest.Wait()
					for range 1000 {
						all.Go(func() {
							if got := b.ask(t, kind.request); got.status != 200 || got.body != kind.want {
								t.Errorf("answer = %d %q; want %q", got.status, got.body, kind.want)
							}
						})
					}
					time.Sleep(time.Second / 2)
					leave()
					all.Wait()
					if n := asked.Load(); n != 1 {
						t.Errorf("the origin was asked %d times; want once", n)
					}
				})
			})
		}
	}
}

func TestAFailureIsSharedByWhoWaitsForItAndNotRemembered(t *testing.T) {
	ways := []struct {
		name string
		most int32 // requests, with a retry of ours and one by http.Transport
		h    http.HandlerFunc
	}{
		{"answers 500", 1, status(500, "")},
		{"answers 503", 1, status(503, "")},
		{"is gone", 3, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{"breaks in its body", 1, with("Cache-Control: max-age=60", func(w http.ResponseWriter, _ *http.Request) {
			flushed(w, "secret")
			panic(http.ErrAbortHandler)
		})},
	}
	for _, kind := range kindsOfAnswers {
		for _, way := range ways {
			t.Run(kind.name+" that "+way.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int32
					b := newBubble(t, composer.Options{}, onEachWay(func(w http.ResponseWriter, r *http.Request) {
						if asked.Add(1); time.Since(epoch) > time.Second {
							_, _ = io.WriteString(w, "whole")
							return
						}
						time.Sleep(time.Second / 4)
						way.h(w, r)
					}))
					var all sync.WaitGroup
					for range 100 {
						all.Go(func() {
							if got := b.ask(t, kind.request); got.body == kind.want {
								t.Errorf("answer = %d %q; want the failure", got.status, got.body)
							}
						})
					}
					all.Wait()
					if n := asked.Load(); n < 1 || n > way.most {
						t.Errorf("the origin was asked %d times for 100 visitors; want %d at most", n, way.most)
					}
					time.Sleep(time.Until(epoch.Add(2 * time.Second)))
					if got := b.ask(t, kind.request).body; got != kind.want {
						t.Errorf("the next answer is %q; want %q", got, kind.want)
					}
				})
			})
		}
	}
}
