package composer_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// kindsOfAnswers are what a visitor may ask a proxy for, and what comes of it.
var kindsOfAnswers = []struct {
	name, request, want string
	early               bool // requests that wait have what is storable while it comes
}{
	{"a document", "GET /document", "whole", false},
	{"a template", "GET /template", "whole", true},
	{"a fragment", "GET /page", "(whole)", true},
	{"a fragment that something can stand in for", "GET /fallback", "(whole)", true},
	{"a fragment of a fragment", "GET /nested", "((whole))", true},
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

// TestWhoWaitsForAnAnswerHasItWhileItComes holds for what everybody may have. A
// document may yet turn out to be for one alone.
func TestWhoWaitsForAnAnswerHasItWhileItComes(t *testing.T) {
	tests := []struct {
		name, header, request string
		early                 bool // who came later has the beginning at once
		asked                 int32
	}{
		{"a template", "Cache-Control: max-age=60", "GET /template", true, 1},
		{"a fragment", "Cache-Control: max-age=60", "GET /page", true, 1},
		{"a fragment of a fragment", "Cache-Control: max-age=60", "GET /nested", true, 1},
		{"a document", "Cache-Control: max-age=60", "GET /document", false, 1},
		{"a fragment that something can stand in for", "Cache-Control: max-age=60", "GET /fallback", false, 1},
		{"a fragment that differs", "Cache-Control: max-age=60|Vary: Accept-Language", "GET /page", false, 2},
		{"a fragment that is private", "Cache-Control: private, max-age=60", "GET /page", false, 2},
		{"a template that is stale at once", "Cache-Control: max-age=0", "GET /template", false, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				b := newBubble(t, composer.Options{}, onEachWay(with(test.header, func(w http.ResponseWriter, _ *http.Request) {
					asked.Add(1)
					flushed(w, "beginning")
					time.Sleep(time.Second)
					_, _ = io.WriteString(w, " and end")
				})))
				ctx, leave := context.WithCancel(t.Context())
				var all sync.WaitGroup
				all.Go(func() { b.askWithin(ctx, test.request+"|Accept-Language: en") }) // for whom the request begins
				time.Sleep(time.Second / 2)
				leaves := time.AfterFunc(time.Second/4, leave)
				defer leaves.Stop()
				w := &dated{recording: newRecording(), began: time.Now()}
				err := b.serve(t.Context(), w, test.request+"|Accept-Language: de")
				all.Wait()
				got := strings.Trim(w.body.String(), "()")
				if got != "beginning and end" || err != nil {
					t.Errorf("answer = %q, %v; want all of it", got, err)
				}
				if early := w.early >= len("beginning"); early != test.early {
					t.Errorf("%d bytes came at once: %v; want that %v", w.early, early, test.early)
				}
				if n := asked.Load(); n != test.asked {
					t.Errorf("the origin was asked %d times; want %d", n, test.asked)
				}
			})
		})
	}
}
