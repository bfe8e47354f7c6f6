package composer_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

func TestAPurgeOfAGroupIsSeenInEveryPageThatShowedIt(t *testing.T) {
	for _, field := range []string{`Cache-Groups: "a", "b"`, "Surrogate-Key: a b", "xkey: a b", "Cache-Tag: a,b"} {
		t.Run(field, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var origin calls
				var data atomic.Int32
				tagged := with("Cache-Control: max-age=60|"+field, func(w http.ResponseWriter, _ *http.Request) {
					set(w, fmt.Sprintf("ETag: %q", fmt.Sprint(data.Load())))
					_, _ = fmt.Fprint(w, data.Load())
				})
				kept := with(`Cache-Control: max-age=60|ETag: "1"`, piece("kept"))
				pages := map[string]string{
					"/one":    `<esi:include src="/tagged"/>,<esi:include src="/kept"/>`,
					"/two":    `two <esi:include src="/tagged">none</esi:include>`,
					"/nested": `<esi:include src="/one"/>`,
					"/other":  `<esi:include src="/kept"/>`,
				}
				handlers := paths{"/tagged": tagged, "/kept": kept, "/template": template1(tagged)}
				for path, page := range pages {
					handlers[path] = with(`Cache-Control: max-age=60|ETag: "1"`, template(page))
				}
				b := newBubble(t, composer.Options{}, origin.count(handlers.serve))
				show := func() (bodies, tags map[string]string) {
					bodies, tags = map[string]string{}, map[string]string{}
					for _, path := range []string{"/one", "/two", "/nested", "/other", "/template", "/tagged"} {
						got := b.ask(t, "GET "+path)
						bodies[path], tags[path] = got.body, got.header.Get("ETag")
					}
					return bodies, tags
				}
				want := func(n string) map[string]string {
					return map[string]string{"/one": n + ",kept", "/two": "two " + n, "/nested": n + ",kept", "/other": "kept", "/template": n, "/tagged": n}
				}
				before, old := show()
				if diff := cmp.Diff(want("0"), before); diff != "" {
					t.Fatalf("pages before (-want +got):\n%s", diff)
				}
				origin.taken()
				data.Store(1)
				if n := b.Invalidate("b"); n != 3 {
					t.Errorf("dropped %d; want the fragment, the document and the template", n)
				}
				after, _ := show()
				if diff := cmp.Diff(want("1"), after); diff != "" {
					t.Errorf("pages after (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(map[string]int{"/tagged": 2, "/template": 1}, origin.taken()); diff != "" {
					t.Errorf("requests after (-want +got):\n%s", diff)
				}
				for path, wanted := range map[string]int{"/one": 200, "/two": 200, "/nested": 200, "/other": 304} {
					if got := b.ask(t, "GET "+path+"|If-None-Match: "+old[path]).status; got != wanted {
						t.Errorf("%s of who has the old one = %d; want %d", path, got, wanted)
					}
				}
			})
		})
	}
}

// TestNoInterleavingShowsWhatWasPurged lets visitors, writers and a fickle
// origin meet in random order, many times. The model is a register: who asks
// after a purge has returned sees what was written before it, or later.
func TestNoInterleavingShowsWhatWasPurged(t *testing.T) {
	const schedules, visitors, writes = 60, 12, 6
	for seed := range uint64(schedules) {
		synctest.Test(t, func(t *testing.T) {
			o := &fickle{random: rand.New(rand.NewPCG(seed, 1))}
			b := newBubble(t, composer.Options{CacheSize: 64 << 10}, onEachWay(o.answer))
			var all sync.WaitGroup
			done := make(chan struct{})
			for i := range visitors {
				kind := kindsOfAnswers[i%len(kindsOfAnswers)]
				all.Go(func() {
					for {
						select {
						case <-done:
							return
						case <-time.After(o.pause()):
						}
						atLeast := o.settled.Load()
						got := b.ask(t, kind.request)
						body := strings.Trim(got.body, "()")
						n, err := strconv.ParseInt(strings.TrimSuffix(body, "."), 10, 64)
						switch {
						case got.status != 200 || got.err != nil || body == "none": // the origin failed
						case err != nil || !strings.HasSuffix(body, ".") || n < atLeast:
							t.Errorf("schedule %d: %s is %q; %d was written before it was asked for", seed, kind.name, got.body, atLeast)
						}
					}
				})
			}
			for range writes {
				time.Sleep(o.pause())
				n := o.data.Add(1)
				if o.chance(2) {
					b.Invalidate("g")
				} else {
					b.ask(t, "POST /document")
				}
				o.settled.Store(n)
			}
			close(done)
			all.Wait()
			time.Sleep(time.Hour) // for what is renewed
		})
	}
}

// fickle is an origin of one number that answers in all ways there are.
type fickle struct {
	data, settled atomic.Int64

	mu     sync.Mutex
	random *rand.Rand
}

// chance is true once in n times.
func (o *fickle) chance(n int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.random.IntN(n) == 0
}

func (o *fickle) pause() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return time.Duration(o.random.IntN(40)) * time.Millisecond
}

func (o *fickle) choose(list ...string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return list[o.random.IntN(len(list))]
}

func (o *fickle) answer(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		set(w, `Cache-Group-Invalidation: "g"`)
		return
	}
	time.Sleep(o.pause())
	read := strconv.FormatInt(o.data.Load(), 10)
	time.Sleep(o.pause())
	set(w, "Cache-Control: "+o.choose("max-age=60", "max-age=0, stale-while-revalidate=60", "no-cache", "max-age=0, stale-if-error=60", "max-age=60", "no-store"),
		`Cache-Groups: "g"`, `ETag: "`+read+`"`)
	switch {
	case r.Header.Get("If-None-Match") == `"`+read+`"`:
		w.WriteHeader(http.StatusNotModified)
	case o.chance(8):
		w.WriteHeader(http.StatusServiceUnavailable)
	case o.chance(2):
		flushed(w, read)
		time.Sleep(o.pause())
		if o.chance(8) {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, ".")
	default:
		_, _ = io.WriteString(w, read+".")
	}
}

// whatCame is a page, or that it failed: before its first byte, or after.
func whatCame(a answer) string {
	if a.status != http.StatusOK || a.err != nil {
		return "an error"
	}
	return a.body
}

// With a cache and without one, pages are the same as long as each change is
// followed by a purge.
func TestACacheChangesNoPage(t *testing.T) {
	const steps = 400
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(7, 7))
		var data [4]atomic.Int64
		number := func(r *http.Request) int { n, _ := strconv.Atoi(r.URL.Query().Get("n")); return n % len(data) }
		handlers := paths{
			"/page": func(w http.ResponseWriter, r *http.Request) {
				n := number(r)
				set(w, fmt.Sprintf(`Cache-Groups: "%d"`, n), "Cache-Control: max-age=1000", "Vary: Accept-Language")
				template(fmt.Sprintf(`%s %d: <esi:include src="/part?n=%d&l=$(HTTP_ACCEPT_LANGUAGE)"/> <esi:include src="/part?n=%d" onerror="continue"/><esi:vars>$(QUERY_STRING{q})</esi:vars>`,
					r.Header.Get("Accept-Language"), data[n].Load(), n+1, n+2))(w, r)
			},
			"/part": func(w http.ResponseWriter, r *http.Request) {
				n := number(r)
				value := data[n].Load()
				set(w, fmt.Sprintf("Surrogate-Key: x %d", n), []string{"Cache-Control: max-age=1000", "Cache-Control: max-age=1, stale-while-revalidate=1000", "Cache-Control: no-cache"}[n%3], fmt.Sprintf(`ETag: "%d"`, value))
				if value%7 == 6 {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				_, _ = fmt.Fprintf(w, "[%d=%d %s]", n, value, r.URL.Query().Get("l"))
			},
		}
		with, without := newBubble(t, composer.Options{}, handlers.serve), newBubble(t, composer.Options{CacheSize: -1}, handlers.serve)
		for step := range steps {
			n := random.IntN(len(data))
			switch random.IntN(4) {
			case 0:
				data[n].Add(1)
				with.Invalidate(strconv.Itoa(n))
			case 1:
				with.Invalidate([]string{"x", "none", strconv.Itoa(n)}[random.IntN(3)])
			case 2:
				time.Sleep(time.Duration(random.IntN(3)) * time.Second)
			}
			request := fmt.Sprintf("GET /page?n=%d&q=%d&esi_s=%d|Accept-Language: %s", n, random.IntN(2), step, []string{"de", "en"}[random.IntN(2)])
			one, other := whatCame(with.ask(t, request)), whatCame(without.ask(t, request))
			if one != other {
				t.Fatalf("step %d, %s: %q with a cache, %q without", step, request, one, other)
			}
			synctest.Wait()
		}
		time.Sleep(time.Hour)
	})
}
