package composer_test

import (
	"context"
	"fmt"
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

// counter is a fragment that answers with the number of its calls.
type counter struct {
	calls  atomic.Int32
	answer func(w http.ResponseWriter, r *http.Request, n int32)
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := c.calls.Add(1)
	if c.answer != nil {
		c.answer(w, r, n)
		return
	}
	_, _ = fmt.Fprint(w, n)
}

// saying answers with header lines.
func saying(lines ...string) *counter {
	return &counter{answer: func(w http.ResponseWriter, _ *http.Request, n int32) {
		set(w, lines...)
		_, _ = fmt.Fprint(w, n)
	}}
}

func set(w http.ResponseWriter, lines ...string) {
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		w.Header().Add(name, value)
	}
}

// render returns what a view of the fragment f is, or the error's text.
func render(t *testing.T, c *composer.Composer, variant string) string {
	t.Helper()
	got, err := c.Render(t.Context(), composer.View{Reference: "/fragments/f/x", Variant: variant}, time.Time{})
	if err != nil {
		return err.Error()
	}
	return string(got.Body)
}

// TestAnAnswerIsUsedForAsLongAsItSays asks at some seconds, and looks which of
// the fragment's answers comes.
func TestAnAnswerIsUsedForAsLongAsItSays(t *testing.T) {
	tests := []struct {
		name   string
		header string
		at     []int // seconds
		want   string
	}{
		{"max-age (RFC 9111 §5.2.2.1)", "Cache-Control: max-age=10", []int{0, 9, 10}, "112"},
		{"s-maxage beats max-age (§5.2.2.10)", "Cache-Control: max-age=1, s-maxage=10", []int{0, 9, 10}, "112"},
		{"a quoted number (§5.2)", `Cache-Control: max-age="10"`, []int{0, 9, 10}, "112"},
		{"no words (§3)", "X: y", []int{0, 0}, "12"},
		{"no-store (§5.2.2.5)", "Cache-Control: max-age=10, no-store", []int{0, 0}, "12"},
		{"private (§5.2.2.7)", "Cache-Control: max-age=10, private", []int{0, 0}, "12"},
		{"no-cache (§5.2.2.4)", "Cache-Control: max-age=10, no-cache", []int{0, 0}, "12"},
		{"Set-Cookie", "Cache-Control: max-age=10|Set-Cookie: a=b", []int{0, 0}, "12"},
		{"Vary: * (§4.1)", "Cache-Control: max-age=10|Vary: *", []int{0, 0}, "12"},
		{"Age is taken off (§4.2.3)", "Cache-Control: max-age=10|Age: 6", []int{0, 3, 4}, "112"},
		{"a broken lifetime is none (§4.2.1)", "Cache-Control: max-age=ten", []int{0, 0}, "12"},
		{"lifetimes that differ are none (§4.2.1)", "Cache-Control: max-age=10|Cache-Control: max-age=20", []int{0, 0}, "12"},
		{"stale while it is renewed (RFC 5861 §3)", "Cache-Control: max-age=1, stale-while-revalidate=5", []int{0, 3, 3, 20}, "1123"},
		{"not if it must be revalidated", "Cache-Control: max-age=1, stale-while-revalidate=5, must-revalidate", []int{0, 3}, "12"},
		{"a targeted field wins (RFC 9213 §2.2)", "Cache-Control: no-store|CDN-Cache-Control: max-age=10", []int{0, 9, 10}, "112"},
		{"a broken targeted field does not (RFC 9213 §2.1)", "Cache-Control: max-age=10|CDN-Cache-Control: max-age=;", []int{0, 9, 10}, "112"},
		{"one that is too long does not", "Cache-Control: max-age=10|CDN-Cache-Control: max-age=60" + strings.Repeat(", a", 6000), []int{0, 9, 10}, "112"},
		{"Surrogate-Control wins (SUR-09)", "Cache-Control: no-store|Surrogate-Control: max-age=10", []int{0, 9, 10}, "112"},
		{"Surrogate-Control with stale time (SUR-10)", "Surrogate-Control: max-age=1+5", []int{0, 3, 3}, "112"},
		{"Surrogate-Control to us (SUR-11)", "Surrogate-Control: max-age=60, max-age=5;selvedge", []int{0, 4, 5}, "112"},
		{"Surrogate-Control to another (SUR-11)", "Surrogate-Control: no-store;other|Cache-Control: max-age=10", []int{0, 9, 10}, "112"},
		{"Surrogate-Control: no-store (SUR-08)", "Surrogate-Control: no-store|Cache-Control: max-age=10", []int{0, 0}, "12"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newComposer(t, composer.Options{}, fragments{"f": saying(strings.Split(test.header, "|")...).ServeHTTP}, nil)
				got, start := "", time.Now()
				for _, second := range test.at {
					time.Sleep(time.Duration(second)*time.Second - time.Since(start))
					got += render(t, c, "")
					synctest.Wait() // for what is renewed
				}
				if got != test.want {
					t.Errorf("%s at the seconds %v: answers %s; want %s", test.header, test.at, got, test.want)
				}
			})
		})
	}
}

// TestAFailureIsCoveredByAStaleAnswer is stale-if-error (RFC 5861 §4).
func TestAFailureIsCoveredByAStaleAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &counter{answer: func(w http.ResponseWriter, _ *http.Request, n int32) {
			if n > 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			set(w, "Cache-Control: max-age=1, stale-if-error=10")
			_, _ = io.WriteString(w, "old")
		}}
		c := newComposer(t, composer.Options{}, fragments{"f": f.ServeHTTP}, nil)
		for _, step := range []struct {
			after time.Duration
			want  string
		}{{0, "old"}, {5 * time.Second, "old"}, {7 * time.Second, "/fragments/f/x answered 503"}} {
			time.Sleep(step.after)
			if got := render(t, c, ""); got != step.want {
				t.Errorf("after %v more: %q; want %q", step.after, got, step.want)
			}
		}
	})
}

func TestANotModifiedKeepsTheBodyAndItsProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &counter{answer: func(w http.ResponseWriter, r *http.Request, n int32) {
			set(w, "Cache-Control: max-age=10", `ETag: "1"`)
			if n > 1 {
				if got := r.Header.Get("If-None-Match"); got != `"1"` {
					t.Errorf("If-None-Match = %s; want %s", got, `"1"`)
				}
				w.WriteHeader(http.StatusNotModified)
				return
			}
			template(`<esi:include src="/fragments/g/x"/>`)(w, r)
		}}
		c := newComposer(t, composer.Options{}, fragments{"f": f.ServeHTTP, "g": piece("inner")}, nil)
		for range 3 {
			if got := render(t, c, ""); got != "inner" {
				t.Errorf("got %q; want the completed template", got)
			}
			time.Sleep(6 * time.Second)
		}
		if n := f.calls.Load(); n != 2 {
			t.Errorf("%d requests; want 2", n)
		}
	})
}

func TestVariantsAreKeptApart(t *testing.T) {
	f := &counter{answer: func(w http.ResponseWriter, r *http.Request, n int32) {
		set(w, "Cache-Control: max-age=10", "Vary: Accept-Language")
		_, _ = fmt.Fprint(w, r.Header.Get("Accept-Language"), n, " ")
	}}
	c := newComposer(t, composer.Options{}, fragments{"f": f.ServeHTTP}, nil)
	var got strings.Builder
	for _, language := range []string{"de", "en", "de", "en", "de"} {
		got.WriteString(render(t, c, "Accept-Language: "+language+"\n"))
	}
	if got.String() != "de1 en2 de1 en2 de1 " {
		t.Errorf("answers %q; want one for each language", got.String())
	}
	for i := range 40 {
		render(t, c, fmt.Sprintf("Accept-Language: %d\n", i))
	}
	before := f.calls.Load()
	render(t, c, "Accept-Language: 39\n")
	render(t, c, "Accept-Language: 24\n")
	if n := f.calls.Load(); n != before {
		t.Error("one of the newest 16 variants was dropped")
	}
	if render(t, c, "Accept-Language: de\n"); f.calls.Load() != before+1 {
		t.Error("the oldest variant is still there")
	}
}

func TestAThousandMissesAreOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		go1 := make(chan struct{})
		f := &counter{answer: func(w http.ResponseWriter, _ *http.Request, n int32) {
			<-go1
			set(w, "Cache-Control: max-age=10")
			_, _ = fmt.Fprint(w, n)
		}}
		c := newComposer(t, composer.Options{}, fragments{"f": f.ServeHTTP}, nil)
		ctx, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { // the one that the request began for
			if _, err := c.Render(ctx, composer.View{Reference: "/fragments/f/x"}, time.Time{}); err == nil {
				t.Error("who left has an answer")
			}
		})
		synctest.Wait()
		for range 1000 {
			all.Go(func() {
				if got := render(t, c, ""); got != "1" {
					t.Errorf("got %q; want the answer of the one request", got)
				}
			})
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		close(go1)
		all.Wait()
	})
}

func TestAnAnswerForOneVisitorIsGivenToNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		proceed := make(chan struct{})
		f := func(w http.ResponseWriter, r *http.Request) {
			<-proceed
			set(w, "Cache-Control: private, max-age=60")
			_, _ = io.WriteString(w, r.Header.Get("Cookie"))
		}
		c := newComposer(t, composer.Options{Cookies: []string{"session"}}, fragments{"f": f}, nil)
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				session := fmt.Sprintf("session=%d", i)
				if got := render(t, c, "Cookie: "+session+"\n"); got != session {
					t.Errorf("%s got the answer of %s", session, got)
				}
			})
		}
		synctest.Wait()
		close(proceed)
		all.Wait()
	})
}

func TestAFragmentByReferenceSaysHowItWasHad(t *testing.T) {
	f := saying("Cache-Control: max-age=60")
	s := newSite(t, composer.Options{}, fragments{"f": f.ServeHTTP}, nil)
	for _, want := range []string{"selvedge; fwd=uri-miss; fwd-status=200; stored", "selvedge; hit; ttl=5"} {
		a := s.get(t, "/fragments/f/x")
		got := a.header.Get("Cache-Status")
		if !strings.HasPrefix(got, want) || a.body != "1" || strings.Contains(got, "hit") != (a.header.Get("Age") != "") {
			t.Errorf("Cache-Status = %q, Age = %q, body %q; want %q", got, a.header.Get("Age"), a.body, want)
		}
	}
}

func TestAWriteDropsWhatItWasSentTo(t *testing.T) {
	f := saying("Cache-Control: max-age=60")
	c := newComposer(t, composer.Options{}, fragments{"api": f.ServeHTTP}, nil)
	reference := composer.View{Reference: "/fragments/api/api/x"}
	for i := range 3 {
		before := f.calls.Load()
		for range 2 {
			if _, err := c.Render(t.Context(), reference, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if n := f.calls.Load() - before; n != 1 {
			t.Errorf("round %d: %d requests; want 1", i, n)
		}
		c.Forward("api").ServeHTTP(newRecording(), request(t, "POST", "/api/x"))
	}
}
