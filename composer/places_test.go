package composer_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// enough requests that fail make a source dead.
const enough = 40

// TestWhatMakesASourceDead looks whether it is asked after many requests that
// came to the same.
func TestWhatMakesASourceDead(t *testing.T) {
	tests := []struct {
		name string
		part http.HandlerFunc
		dead bool
	}{
		{"nothing is wrong", piece("ok"), false},
		{"it answers 503, as one address of an origin may", status(503, ""), false},
		{"it answers 404", status(404, ""), false},
		{"it hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
		{"it hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, true},
		{"its bodies break off", func(w http.ResponseWriter, _ *http.Request) { flushed(w, "x"); panic(http.ErrAbortHandler) }, true},
		{"its answers are too large", piece(strings.Repeat("x", limit+1)), false},
		{"its answers are too large, in pieces", tooLarge, false},
		{"its answers are in a coding that we do not read", encoded, false},
	}
	for _, kind := range []struct{ name, request string }{{"an include", "GET /page?esi_n="}, {"a template", "GET /template?"}} {
		for _, test := range tests {
			t.Run(kind.name+": "+test.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int32
					part := func(w http.ResponseWriter, r *http.Request) {
						asked.Add(1)
						test.part(w, r)
					}
					b := newBubble(t, composer.Options{MaxFragment: limit, MaxPage: limit, PageTimeout: 2 * time.Second}, paths{
						"/page": with("Cache-Control: max-age=60", template(`(<esi:include src="/part?$(ESI_ARGS{n})"/>)`)), "/part": part, "/template": template1(part),
					}.serve)
					var all sync.WaitGroup
					for i := range enough {
						all.Go(func() { b.ask(t, fmt.Sprint(kind.request, i)) })
					}
					all.Wait()
					synctest.Wait()
					before := asked.Load()
					got := b.ask(t, kind.request)
					if dead := asked.Load() == before; dead != test.dead || dead && got.status != http.StatusServiceUnavailable && got.err == nil {
						t.Errorf("after %d requests it is asked no more: %v, %d; want %v, and then 503 or that the page is cut off", enough, dead, got.status, test.dead)
					}
				})
			})
		}
	}
}

// The name leads to an address that nobody may be sent to, which is no fault of
// the source that has it.
func TestADeniedAddressMakesNoSourceDead(t *testing.T) {
	var logged strings.Builder
	o := composer.Options{Origin: &url.URL{Scheme: "http", Host: "origin.example"}, AllowHosts: []string{"localtest.example"}, Logger: slog.New(slog.NewTextHandler(&logged, nil))}
	c := newComposer(t, o, fragments{"page": template(`<esi:include src="http://localtest.example/x">none</esi:include>`)}, nil)
	refuse := func(host string) error { return &composer.AddressError{Address: host, Reason: "it leads inside"} }
	_ = composer.ProxyOver(c, dialing(refuse))
	for range enough + 1 {
		w := httptest.NewRecorder()
		c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
		if got := w.Body.String(); got != "none" {
			t.Fatalf("page = %q; want none", got)
		}
	}
	if n, lines := strings.Count(logged.String(), "it leads inside"), strings.Count(logged.String(), "\n"); n == 0 || n != lines {
		t.Errorf("the reason was said on %d lines of %d; want it on all, and not that the source is dead:\n%s", n, lines, logged.String())
	}
}

// A dead source is not asked by forms either, and answers them at once.
func TestFormsHeedTheBreakerOfTheirSource(t *testing.T) {
	for _, kind := range kinds {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			t.Run(kind.name+" "+method, func(t *testing.T) {
				var asked atomic.Int32
				s := newSite(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/api/x">none</esi:include>`)}, map[string]composer.Source{
					"api": kind.source(t, func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); w.WriteHeader(503) }),
				})
				for range enough {
					s.do(t, s.request(t, method, "/api/x", nil))
				}
				if n := asked.Load(); n >= enough {
					t.Errorf("%d of %d requests reached a source that fails", n, enough)
				}
				if got := s.do(t, s.request(t, method, "/api/x", nil)); got.status != 503 || got.body != "Service Unavailable\n" {
					t.Errorf("answer = %d %q; want our 503", got.status, got.body)
				}
				if got := s.get(t, "/").body; got != "none" {
					t.Errorf("page = %q; want what stands in the place of an include of that source", got)
				}
			})
		}
	}
}

// TestEveryEndOfARequestGivesItsPlaceBack asks a source with one place.
func TestEveryEndOfARequestGivesItsPlaceBack(t *testing.T) {
	ends := map[string]http.HandlerFunc{
		"a good answer":   piece("good"),
		"one for people":  shown(422, "no"),
		"none that fits":  shown(422, strings.Repeat("x", limit+1)),
		"none in time":    func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"one in pieces":   func(w http.ResponseWriter, _ *http.Request) { flushed(w, "a"); flushed(w, "b") },
		"a status of 101": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(101) },
	}
	for name, h := range broken {
		ends[name] = h
	}
	for _, kind := range kinds {
		for name, end := range ends {
			t.Run(kind.name+" "+name, func(t *testing.T) {
				t.Parallel()
				part := func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/api/good" {
						_, _ = io.WriteString(w, "good")
						return
					}
					_, _ = io.Copy(io.Discard, r.Body) // or net/http would not notice who leaves
					end(w, r)
				}
				s := newSite(t, composer.Options{MaxInFlight: 1, MaxFragment: limit, ActionTimeout: 300 * time.Millisecond, PageTimeout: 300 * time.Millisecond},
					fragments{"page": template(`<esi:include src="/fragments/api/x" onerror="continue"/>`)}, map[string]composer.Source{"api": kind.source(t, part)})
				for _, ask := range []func(){
					func() { s.get(t, "/") },
					func() { s.get(t, "/fragments/api/x") },
					func() {
						if res, err := s.server.Client().Do(s.request(t, http.MethodPost, "/api/x", strings.NewReader("a=b"))); err == nil {
							_, _ = io.Copy(io.Discard, res.Body)
							_ = res.Body.Close()
						}
					},
				} {
					ask()
					if got := s.get(t, "/api/good").body; got != "good" {
						t.Errorf("the next answer is %q; want good", got)
					}
				}
			})
		}
	}
}

// Who reads slowly, or not at all, takes no place from the others.
func TestAnAnswerThatGoesOnHoldsNoPlace(t *testing.T) {
	for _, lines := range []string{"GET /x", "GET /x|Cache-Control: no-store", "POST /x"} {
		t.Run(lines, func(t *testing.T) {
			proceed := make(chan struct{})
			s := newProxy(t, composer.Options{MaxInFlight: 1, ObeyRequestCacheControl: true}, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/good" {
					_, _ = io.WriteString(w, "good")
					return
				}
				flushed(w, "begin")
				<-proceed
			})
			method, target, _ := strings.Cut(strings.Split(lines, "|")[0], " ")
			res, err := s.server.Client().Do(s.request(t, method, target, nil))
			if err != nil {
				t.Fatal(err)
			}
			if got := s.ask(t, "GET /good").body; got != "good" {
				t.Errorf("meanwhile an answer is %q; want good", got)
			}
			close(proceed)
			if body, err := io.ReadAll(res.Body); err != nil || string(body) != "begin" {
				t.Errorf("the answer that went on is %q, %v", body, err)
			}
			_ = res.Body.Close()
		})
	}
}

// Only what changes nothing is sent once more.
func TestWhatIsSentOnceMoreWhenTheConnectionIsLost(t *testing.T) {
	for method, want := range map[string]int32{http.MethodGet: 2, http.MethodHead: 2, http.MethodPost: 1, http.MethodPut: 1, http.MethodDelete: 1} {
		for _, front := range []string{"a form", "an origin"} {
			t.Run(fmt.Sprint(method, " of ", front), func(t *testing.T) {
				var asked atomic.Int32
				lost := func(http.ResponseWriter, *http.Request) { asked.Add(1); panic(http.ErrAbortHandler) }
				s := newSite(t, composer.Options{}, nil, map[string]composer.Source{"api": {URL: remote(t, lost)}})
				if front == "an origin" {
					s = newProxy(t, composer.Options{}, lost)
				}
				if got := s.do(t, s.request(t, method, "/api/x", nil)); got.status != 502 || asked.Load() != want {
					t.Errorf("answer = %d after %d requests; want 502 after %d", got.status, asked.Load(), want)
				}
			})
		}
	}
}
