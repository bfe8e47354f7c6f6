package composer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

const limit = 64 << 10

// broken are fragments that cannot stand in a page.
var broken = map[string]http.HandlerFunc{
	"panics before it answers":      func(http.ResponseWriter, *http.Request) { panic("secret") },
	"panics after it began":         func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secret"); panic("secret") },
	"is cut off in its body":        cutOff,
	"is one byte too large":         piece(strings.Repeat("s", limit+1)),
	"is too large in many writes":   tooLarge,
	"answers 404":                   status(404, "secret"),
	"answers 500":                   status(500, "secret"),
	"answers 302":                   status(302, "secret"),
	"answers 304":                   status(304, ""),
	"answers a 404 for a person":    shown(404, "secret"),
	"says that it is longer":        lies("100"),
	"says an encoding":              encoded,
	"hangs until its request ends":  func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	"began and then hangs":          beginAndHang,
	"answers a status that is none": status(600, "secret"),
	"answers with a broken redirect": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/fragments/good/x", http.StatusMovedPermanently)
	},
}

func cutOff(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, strings.Repeat("secret", 2000))
	panic(http.ErrAbortHandler)
}

func tooLarge(w http.ResponseWriter, _ *http.Request) {
	for range 3 * limit / 1000 {
		if _, err := w.Write(make([]byte, 1000)); err != nil {
			return
		}
	}
}

func lies(length string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", length)
		_, _ = io.WriteString(w, "secret")
	}
}

func encoded(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "br")
	_, _ = io.WriteString(w, "secret")
}

func beginAndHang(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, "secret")
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

func TestABrokenFragmentIsAFailedInclude(t *testing.T) {
	page := template(`<p><esi:include src="/fragments/broken/x" maxwait="200">none</esi:include></p>`)
	for _, kind := range kinds {
		for name, h := range broken {
			t.Run(kind.name+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, composer.Options{MaxFragment: limit}, fragments{"page": page},
					map[string]composer.Source{"broken": kind.source(t, h)})
				got := s.get(t, "/")
				if want := "<p>none</p>"; got.status != 200 || got.body != want {
					t.Errorf("page = %d %q; want 200 %q", got.status, got.body, want)
				}
				if link := got.header.Get("Link") + got.header.Get("Location"); link != "" {
					t.Errorf("the fragment's header reached the page: %v", got.header)
				}
			})
		}
	}
}

func TestAFragmentOfExactlyTheLimitIsFine(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			full := strings.Repeat("s", limit)
			s := newSite(t, composer.Options{MaxFragment: limit}, fragments{"page": template(`<esi:include src="/fragments/part/x"/>`)},
				map[string]composer.Source{"part": kind.source(t, piece(full))})
			if got := s.get(t, "/").body; got != full {
				t.Errorf("page has %d bytes; want %d", len(got), len(full))
			}
		})
	}
}

func TestAnUnreachableProcessIsAFailedInclude(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	s := newSite(t, composer.Options{}, fragments{"page": template(`a<esi:include src="/fragments/gone/x">b</esi:include>`)},
		map[string]composer.Source{"gone": sourceAt(t, gone.URL)})
	if got := s.get(t, "/").body; got != "ab" {
		t.Errorf("page = %q; want %q", got, "ab")
	}
}

func TestOrderOfFallbacks(t *testing.T) {
	const bad, good = "/fragments/bad/x", "/fragments/good/"
	tests := []struct {
		name, page string
		status     int
		body       string
	}{
		{"src first", `<esi:include src="` + good + `1" alt="` + good + `2">3</esi:include>`, 200, "/1"},
		{"then alt", `<esi:include src="` + bad + `" alt="` + good + `2" onerror="continue">3</esi:include>`, 200, "/2"},
		{"then content", `<esi:include src="` + bad + `" alt="` + bad + `" onerror="continue">3</esi:include>`, 200, "3"},
		{"content may include", `<esi:include src="` + bad + `">[<esi:include src="` + good + `4"/>]</esi:include>`, 200, "[/4]"},
		{"content may fall back again", `<esi:include src="` + bad + `"><esi:include src="` + bad + `">5</esi:include></esi:include>`, 200, "5"},
		{"then nothing if it says so", `a<esi:include src="` + bad + `" onerror="continue"/>b`, 200, "ab"},
		{"else the page is an error", `<esi:include src="` + bad + `"/>b`, 502, "Bad Gateway\n"},
		{"content that fails is an error", `<esi:include src="` + bad + `"><esi:include src="` + bad + `"/></esi:include>`, 502, "Bad Gateway\n"},
		{"content with an include that says so is none", `a<esi:include src="` + bad + `"><esi:include src="` + bad + `" onerror="continue"/></esi:include>b`, 200, "ab"},
		{"a fragment that does not exist", `<esi:include src="/fragments/none/x">6</esi:include>`, 200, "6"},
		{"a version that does not exist", `<esi:include src="/fragments/good@^2/x">7</esi:include>`, 200, "7"},
		{"a version that exists", `<esi:include src="/fragments/good@^1/8"/>`, 200, "/8"},
		{"no reference", `<esi:include src="http://elsewhere/x">9</esi:include>`, 200, "9"},
		{"no src", `<esi:include>10</esi:include>`, 200, "10"},
		{"a fragment that does not exist is no mistake in the page's address", `<esi:include src="/fragments/none/x"/>`, 502, "Bad Gateway\n"},
		{"nor is a reference that is none", `<esi:include src="/x"/>`, 502, "Bad Gateway\n"},
	}
	echo := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) }
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{"page": template(test.page), "good": echo, "bad": status(503, "secret")}, nil)
			if got := s.get(t, "/"); got.status != test.status || got.body != test.body {
				t.Errorf("page %s = %d %q; want %d %q", test.page, got.status, got.body, test.status, test.body)
			}
		})
	}
}

func TestErrorBeforeTheFirstByte(t *testing.T) {
	var got error
	c := newComposer(t, composer.Options{Error: func(w http.ResponseWriter, _ *http.Request, err error) {
		got = err
		if len(w.Header()) > 0 {
			t.Errorf("header is %v; want nothing set", w.Header())
		}
		w.WriteHeader(composer.StatusOf(err))
	}}, fragments{"page": template(`<esi:include src="/fragments/bad/x"/>tail`), "bad": status(500, "secret")}, nil)
	w := httptest.NewRecorder()
	c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
	var fetch *composer.FetchError
	if !errors.As(got, &fetch) || fetch.Reference != "/fragments/bad/x" || fetch.Status != 500 {
		t.Errorf("error = %#v; want that /fragments/bad/x answered 500", got)
	}
	if w.Code != 502 || w.Body.Len() > 0 {
		t.Errorf("answer = %d %q; want 502 and nothing else", w.Code, w.Body)
	}
}

func TestErrorAfterTheFirstByteCutsTheConnection(t *testing.T) {
	release := make(chan struct{})
	s := newSite(t, composer.Options{MaxWait: 10 * time.Second}, fragments{
		"page": template(`head<esi:include src="/fragments/bad/x"/>tail`),
		"bad":  func(w http.ResponseWriter, _ *http.Request) { <-release; w.WriteHeader(500) },
	}, nil)
	res, err := s.server.Client().Do(s.request(t, http.MethodGet, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	head := make([]byte, 4)
	if _, err := io.ReadFull(res.Body, head); err != nil {
		t.Fatal(err)
	}
	close(release)
	if rest, err := io.ReadAll(res.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("after the head: %q, %v; want %v", rest, err, io.ErrUnexpectedEOF)
	}
}

func TestAnIncludeIsWaitedForAsLongAsItSays(t *testing.T) {
	tests := []struct {
		name, page string
		want       time.Duration
		body       string
	}{
		{"maxwait", `<esi:include src="/fragments/slow/x" maxwait="300">late</esi:include>`, 300 * time.Millisecond, "late"},
		{"default", `<esi:include src="/fragments/slow/x">late</esi:include>`, 2 * time.Second, "late"},
		{"maxwait above the default", `<esi:include src="/fragments/slow/x" maxwait="3000">late</esi:include>`, 3 * time.Second, "late"},
		{"again for alt", `<esi:include src="/fragments/slow/x" alt="/fragments/slow/y" maxwait="300">late</esi:include>`, 600 * time.Millisecond, "late"},
		{"the page's end", `<esi:include src="/fragments/slow/x" maxwait="60000">late</esi:include>`, 5 * time.Second, "late"},
		{"the page's end for all levels", `<esi:include src="/fragments/slow/x" maxwait="4000"><esi:include src="/fragments/slow/x" maxwait="4000">late</esi:include></esi:include>`, 5 * time.Second, "late"},
		{"all at once", strings.Repeat(`<esi:include src="/fragments/slow/x">late</esi:include>`, 3), 2 * time.Second, "latelatelate"},
		{"an answer in time", `<esi:include src="/fragments/slow/in?1999ms">late</esi:include>`, 1999 * time.Millisecond, "slow"},
	}
	slow := func(w http.ResponseWriter, r *http.Request) {
		wait := time.Hour // and it does not look at its context
		if d, err := time.ParseDuration(r.URL.RawQuery); err == nil {
			wait = d
		}
		time.Sleep(wait)
		_, _ = io.WriteString(w, "slow")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newComposer(t, composer.Options{MaxWait: 2 * time.Second, PageTimeout: 5 * time.Second},
					fragments{"page": template(test.page), "slow": slow}, nil)
				w, started := httptest.NewRecorder(), time.Now()
				c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
				if took := time.Since(started); took != test.want || w.Body.String() != test.body {
					t.Errorf("page took %v and is %q; want %v and %q", took, w.Body, test.want, test.body)
				}
				time.Sleep(2 * time.Hour) // until the handlers have returned, as a bubble demands
			})
		})
	}
}

func TestAnIncludeThatIsLateMakesThePage504(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{}, fragments{
			"page": template(`<esi:include src="/fragments/slow/x"/>`),
			"slow": func(http.ResponseWriter, *http.Request) { time.Sleep(time.Minute) },
		}, nil)
		w, started := httptest.NewRecorder(), time.Now()
		c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
		if took := time.Since(started); w.Code != 504 || took != time.Second {
			t.Errorf("answer = %d after %v; want 504 after 1s", w.Code, took)
		}
		time.Sleep(time.Minute)
	})
}

func TestWhoLeavesEndsAllFetches(t *testing.T) {
	const n = 5
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			started, ended := make(chan struct{}, n), make(chan struct{}, n)
			slow := func(_ http.ResponseWriter, r *http.Request) {
				started <- struct{}{}
				<-r.Context().Done()
				ended <- struct{}{}
			}
			c := newComposer(t, composer.Options{MaxWait: time.Minute, PageTimeout: time.Minute,
				Error: func(http.ResponseWriter, *http.Request, error) { t.Error("Error was called for who left") },
			}, fragments{"page": template(includes(n, "/fragments/slow/x"))},
				map[string]composer.Source{"slow": kind.source(t, slow)})
			ctx, leave := context.WithCancel(t.Context())
			go func() {
				for range n {
					<-started
				}
				leave()
			}()
			defer func() {
				if p := recover(); p != any(http.ErrAbortHandler) {
					t.Errorf("panic = %v; want %v", p, http.ErrAbortHandler)
				}
				for range n {
					<-ended
				}
			}()
			c.Page("page").ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
		})
	}
}

func TestAFailedPageEndsItsOtherFetches(t *testing.T) {
	begun, ended := make(chan struct{}), make(chan struct{})
	c := newComposer(t, composer.Options{MaxWait: time.Minute, PageTimeout: time.Minute}, fragments{
		"page": template(`<esi:include src="/fragments/bad/x"/><esi:include src="/fragments/slow/x"/>`),
		"bad":  func(w http.ResponseWriter, _ *http.Request) { <-begun; w.WriteHeader(500) },
		"slow": func(_ http.ResponseWriter, r *http.Request) { close(begun); <-r.Context().Done(); close(ended) },
	}, nil)
	w := httptest.NewRecorder()
	c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
	<-ended
	if w.Code != 502 {
		t.Errorf("status = %d; want 502", w.Code)
	}
}

func TestIncludesOfAPageAreBounded(t *testing.T) {
	var calls atomic.Int32
	part := func(w http.ResponseWriter, _ *http.Request) { calls.Add(1); _, _ = io.WriteString(w, "x") }
	s := newSite(t, composer.Options{MaxIncludes: 10}, fragments{
		"page": template(strings.Repeat(`<esi:include src="/fragments/part/x" onerror="continue"/>`, 50)), "part": part,
	}, nil)
	if got := s.get(t, "/").body; got != strings.Repeat("x", 10) || calls.Load() != 10 {
		t.Errorf("page = %q with %d calls; want 10", got, calls.Load())
	}
}

func TestAFragmentThatIncludesItselfEnds(t *testing.T) {
	for _, depth := range []int{1, 5} {
		t.Run(fmt.Sprint(depth), func(t *testing.T) {
			s := newSite(t, composer.Options{MaxDepth: depth}, fragments{
				"page": template(`<esi:include src="/fragments/page/x">end</esi:include>.`),
			}, nil)
			if got, want := s.get(t, "/").body, "end"+strings.Repeat(".", depth+1); got != want {
				t.Errorf("page = %q; want %q", got, want)
			}
		})
	}
}

// In a bubble no time passes while somebody works, so that no include is late
// on a machine that has much to do.
func TestAFragmentThatIncludesItselfTwiceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		c := newComposer(t, composer.Options{MaxDepth: 1000, MaxIncludes: 100}, fragments{
			"page": func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				template(strings.Repeat(`<esi:include src="/fragments/page/x" onerror="continue"/>`, 2)+".")(w, r)
			},
		}, nil)
		w := httptest.NewRecorder()
		c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
		if got := w.Body.String(); got != strings.Repeat(".", 101) || calls.Load() != 101 {
			t.Errorf("page = %d times %q with %d calls; want 101", len(got), ".", calls.Load())
		}
	})
}
