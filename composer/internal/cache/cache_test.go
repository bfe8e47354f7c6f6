package cache_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unique"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/stream"
	"selvedge/composer/registry"
)

// source is a source with a handler. It is the least that a cache needs: an HTTP client
// without pages.
type source struct {
	handler http.HandlerFunc
	backend *registry.Backend

	mu       sync.Mutex
	requests []*http.Request
	gate     chan struct{} // a fetch waits until it is closed; nil: it does not
}

func newSource(h http.HandlerFunc) *source {
	return &source{handler: h, backend: &registry.Backend{Name: "source"}}
}

// count returns how many requests the source has received.
func (s *source) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// last returns the last request.
func (s *source) last() *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[len(s.requests)-1]
}

// fetcher fetches one target.
type fetcher struct {
	source *source
	key    cache.Key
}

func (f fetcher) Fetch(ctx context.Context, h http.Header, _ bool) (cache.Fetched, error) {
	asked := time.Now()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, f.key.URI, nil)
	r.Header = h
	f.source.mu.Lock()
	f.source.requests = append(f.source.requests, r)
	f.source.mu.Unlock()
	if f.source.gate != nil {
		select {
		case <-f.source.gate:
		case <-ctx.Done():
			return cache.Fetched{}, context.Cause(ctx)
		}
	}
	w := httptest.NewRecorder()
	f.source.handler(w, r)
	if w.Code == http.StatusTeapot {
		return cache.Fetched{}, errUnsent
	}
	received := time.Now()
	response := cache.NewResponse(f.key, w.Code, w.Header(), policy(f.key.Target, w.Header(), received, received))
	response.SetBody(w.Body.Bytes())
	return cache.Fetched{Response: response, RequestedAt: asked, ReceivedAt: received}, nil
}

var errUnsent = errors.New("there was no connection")

func policy(from registry.Target, h http.Header, born, received time.Time) cachepolicy.Policy {
	return cachepolicy.New(from, h, born, received, func([]string, bool) byte { return 0 })
}

func newCache(t *testing.T) *cache.Cache {
	t.Helper()
	c, err := cache.New(cache.Options{
		Size: 1 << 20, FetchTimeout: time.Minute, Policy: policy,
		IsUnsent: func(err error) bool { return errors.Is(err, errUnsent) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// get gets a path from a source, with header lines and cache directives.
func get(ctx context.Context, c *cache.Cache, s *source, path string, lines ...string) (*cache.Response, cache.Status, error) {
	h := make(http.Header)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	k := cache.Key{Target: registry.Target{Backend: s.backend, URI: path}, Scope: unique.Make(cache.Scope{Document: true})}
	request := &cache.Request{
		Key: k, Header: cache.FixedHeader(h), Directives: cache.ParseRequestDirectives(h),
		Life: ctx, Deadline: time.Now().Add(time.Minute),
	}
	return c.Get(ctx, request, fetcher{s, k})
}

// TestACacheWithABareFetcher has a cache answer requests in the order of the steps, and
// compares the members of Cache-Status (RFC 9211), and how many requests the source
// received.
func TestACacheWithABareFetcher(t *testing.T) {
	type step struct {
		after   time.Duration // since the step before
		request []string      // header lines
		status  string        // without the name of the cache
		body    string
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		steps   []step
	}{
		{
			"a fresh response is used (RFC 9111 §4.2)",
			answer("Cache-Control: max-age=60"),
			[]step{
				{0, nil, "fwd=uri-miss; fwd-status=200; stored", "1"},
				{20 * time.Second, nil, "hit; ttl=40", "1"},
				{41 * time.Second, nil, "fwd=stale; fwd-status=200; stored", "2"},
			},
		},
		{
			"a lifetime for shared caches has precedence (§4.2.1)",
			answer("Cache-Control: max-age=60, s-maxage=5"),
			[]step{{0, nil, "fwd=uri-miss; fwd-status=200; stored", "1"}, {6 * time.Second, nil, "fwd=stale; fwd-status=200; stored", "2"}},
		},
		{
			"a response that forbids it is not stored (§3)",
			answer("Cache-Control: no-store"),
			[]step{{0, nil, "fwd=uri-miss; fwd-status=200", "1"}, {0, nil, "fwd=uri-miss; fwd-status=200", "2"}},
		},
		{
			"a private response is not stored (§3)",
			answer("Cache-Control: private, max-age=60"),
			[]step{{0, nil, "fwd=uri-miss; fwd-status=200", "1"}, {0, nil, "fwd=uri-miss; fwd-status=200", "2"}},
		},
		{
			"Authorization needs permission (§3.5)",
			answer("Cache-Control: max-age=60"),
			[]step{
				{0, []string{"Authorization: Bearer x"}, "fwd=uri-miss; fwd-status=200", "1"},
				{0, []string{"Authorization: Bearer x"}, "fwd=uri-miss; fwd-status=200", "2"},
			},
		},
		{
			"Vary selects the response (§4.1)",
			answer("Cache-Control: max-age=60", "Vary: Accept-Language"),
			[]step{
				{0, []string{"Accept-Language: de"}, "fwd=uri-miss; fwd-status=200; stored", "1"},
				{0, []string{"Accept-Language: en"}, "fwd=vary-miss; fwd-status=200; stored", "2"},
				{0, []string{"Accept-Language: de"}, "hit; ttl=60", "1"},
			},
		},
		{
			"a stale response is validated (§4.3)",
			validated("Cache-Control: max-age=5"),
			[]step{
				{0, nil, "fwd=uri-miss; fwd-status=200; stored", "1"},
				{6 * time.Second, nil, "fwd=stale; fwd-status=304; stored", "1"},
				{time.Second, nil, "hit; ttl=4", "1"},
			},
		},
		{
			"a stale response is used while it is fetched again (RFC 5861 §3)",
			answer("Cache-Control: max-age=5, stale-while-revalidate=60"),
			[]step{
				{0, nil, "fwd=uri-miss; fwd-status=200; stored", "1"},
				{6 * time.Second, nil, "hit; ttl=-1", "1"},
				{0, nil, "hit; ttl=5", "2"},
			},
		},
		{
			"a stale response replaces a failed one (RFC 5861 §4)",
			failing(1, "Cache-Control: max-age=5, stale-if-error=60"),
			[]step{{0, nil, "fwd=uri-miss; fwd-status=200; stored", "1"}, {6 * time.Second, nil, "hit; ttl=-1", "1"}},
		},
		{
			"but not where it must be validated (RFC 9111 §5.2.2.2)",
			failing(1, "Cache-Control: max-age=5, stale-if-error=60, must-revalidate"),
			[]step{{0, nil, "fwd=uri-miss; fwd-status=200; stored", "1"}, {6 * time.Second, nil, "fwd=stale; fwd-status=503", "2"}},
		},
		{
			"a request may demand less age (§5.2.1.1)",
			answer("Cache-Control: max-age=60"),
			[]step{
				{0, nil, "fwd=uri-miss; fwd-status=200; stored", "1"},
				{5 * time.Second, []string{"Cache-Control: max-age=9"}, "hit; ttl=55", "1"},
				{5 * time.Second, []string{"Cache-Control: max-age=9"}, "fwd=request; fwd-status=200; stored", "2"},
			},
		},
		{
			"a tenth of the time without a change (§4.2.2)",
			func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
				w.Header().Set("Last-Modified", time.Now().Add(-10*time.Minute).UTC().Format(http.TimeFormat))
				answer()(w, r)
			},
			[]step{{0, nil, "fwd=uri-miss; fwd-status=200; stored", "1"}, {59 * time.Second, nil, "hit; ttl=1", "1"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, s := newCache(t), newSource(nil)
				s.handler = func(w http.ResponseWriter, r *http.Request) {
					r.SetPathValue("n", fmt.Sprint(s.count()))
					test.handler(w, r)
				}
				for i, step := range test.steps {
					time.Sleep(step.after)
					response, status, err := get(t.Context(), c, s, "/", step.request...)
					if err != nil {
						t.Fatalf("step %d: %v", i, err)
					}
					synctest.Wait() // for a fetch in the background
					if got := strings.TrimPrefix(status.String(), "selvedge; "); got != step.status || string(response.Body) != step.body {
						t.Errorf("step %d: %q, %s; want %q, %s", i, got, response.Body, step.status, step.body)
					}
				}
			})
		})
	}
}

// answer returns a handler that answers with header lines, and the number of the request.
func answer(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, line := range lines {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Add(name, value)
		}
		_, _ = io.WriteString(w, r.PathValue("n"))
	}
}

// validated is answer with an ETag, and 304 for a request that has it.
func validated(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"v"`)
		if r.Header.Get("If-None-Match") == `"v"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		answer(lines...)(w, r)
	}
}

// failing is answer for the first n requests, and 503 for those after.
func failing(n int, lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("n") > fmt.Sprint(n) {
			w.WriteHeader(http.StatusServiceUnavailable)
			lines = nil
		}
		answer(lines...)(w, r)
	}
}

// TestRequestsShareAFetch has ten requests at once for a response, first one that can be
// stored, then one that cannot. The latter ones share only the first fetch: after that the
// cache knows that waiting is in vain (hit-for-miss).
func TestRequestsShareAFetch(t *testing.T) {
	tests := []struct {
		name, control string
		fetches       int // of ten requests, after one
	}{
		{"that can be stored", "max-age=60", 1},
		{"that cannot be stored", "no-store", 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, s := newCache(t), newSource(answer("Cache-Control: "+test.control))
				if _, _, err := get(t.Context(), c, s, "/"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Minute)
				before := s.count()
				s.gate = make(chan struct{})
				var all sync.WaitGroup
				collapsed := make(chan bool, 10)
				for range 10 {
					all.Go(func() {
						_, status, err := get(t.Context(), c, s, "/")
						if err != nil {
							t.Error(err)
						}
						collapsed <- status.Collapsed
					})
				}
				synctest.Wait() // all of them wait for the source
				if got := s.count() - before; got != test.fetches {
					t.Errorf("%d requests wait for the source at once; want %d", got, test.fetches)
				}
				close(s.gate)
				all.Wait()
				close(collapsed)
				n := 0
				for yes := range collapsed {
					if yes {
						n++
					}
				}
				if got := s.count() - before; got != test.fetches || n != 10-test.fetches {
					t.Errorf("the source received %d requests, and %d waited; want %d and %d", got, n, test.fetches, 10-test.fetches)
				}
			})
		})
	}
}

// TestAWaiterThatLeavesCancelsNothingForOthers has one of two requests that share a fetch
// give up, and then the other.
func TestAWaiterThatLeavesCancelsNothingForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newCache(t), newSource(answer("Cache-Control: max-age=60"))
		s.gate = make(chan struct{})
		first, leave := context.WithCancel(t.Context())
		second, leaveToo := context.WithCancel(t.Context())
		results := make(chan error, 2)
		for _, ctx := range []context.Context{first, second} {
			go func() {
				_, _, err := get(ctx, c, s, "/")
				results <- err
			}()
			synctest.Wait()
		}
		leave()
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("the one that left: %v; want canceled", err)
		}
		synctest.Wait()
		if err := s.last().Context().Err(); err != nil || s.count() != 1 {
			t.Errorf("after %d requests, the last one ended with the one that left: %v; want one that goes on", s.count(), err)
		}
		leaveToo()
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("the other: %v; want canceled", err)
		}
		synctest.Wait()
		if s.last().Context().Err() == nil {
			t.Error("nobody waits, and the fetch goes on")
		}
	})
}

// TestWaitersFailOnlyWithAFetchThatWasNotSent has three requests share a fetch that fails.
func TestWaitersFailOnlyWithAFetchThatWasNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache(t)
		s := newSource(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
		s.gate = make(chan struct{})
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if _, _, err := get(t.Context(), c, s, "/"); !errors.Is(err, errUnsent) {
					t.Errorf("a request got %v; want %v", err, errUnsent)
				}
			})
		}
		synctest.Wait()
		close(s.gate)
		all.Wait()
		if s.count() != 1 {
			t.Errorf("the source was tried %d times; want once", s.count())
		}
	})
}

// TestInvalidatingAGroup drops stored responses, and prevents that a fetch which is under
// way stores what it brings (RFC 9875 §3).
func TestInvalidatingAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newCache(t), newSource(answer("Cache-Control: max-age=60", `Cache-Groups: "goods"`))
		if _, _, err := get(t.Context(), c, s, "/stored"); err != nil {
			t.Fatal(err)
		}
		s.gate = make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _, _ = get(t.Context(), c, s, "/fetched")
		}()
		synctest.Wait()
		if n := c.Invalidate(cache.Purge{Groups: []string{"goods"}}); n != 1 {
			t.Errorf("%d responses were dropped; want 1", n)
		}
		close(s.gate)
		<-done
		for _, path := range []string{"/stored", "/fetched"} {
			if _, status, _ := get(t.Context(), c, s, path); status.IsHit() {
				t.Errorf("%s is a hit after its group was invalidated", path)
			}
		}
	})
}

// attachment counts what a cache does with it.
type attachment struct{ weight, completed, updated int }

func (a *attachment) Complete([]byte, *stream.Body) cache.Attachment { a.completed++; return a }
func (a *attachment) Update(http.Header, []byte) cache.Attachment    { a.updated++; return a }
func (a *attachment) IsTransformed() bool                            { return false }
func (a *attachment) Weight() int                                    { return a.weight }

// attaching is a fetcher whose responses have an attachment.
type attaching struct {
	fetcher
	attachment cache.Attachment
}

func (f attaching) Fetch(ctx context.Context, h http.Header, keepSlow bool) (cache.Fetched, error) {
	fetched, err := f.fetcher.Fetch(ctx, h, keepSlow)
	if err == nil {
		fetched.Attachment = f.attachment
	}
	return fetched, err
}

// TestAnAttachmentIsWeighedAndKept stores a response with an attachment that is larger
// than the cache once it has grown.
func TestAnAttachmentIsWeighedAndKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newCache(t), newSource(validated("Cache-Control: max-age=0, must-revalidate"))
		k := cache.Key{Target: registry.Target{Backend: s.backend, URI: "/"}, Scope: unique.Make(cache.Scope{Document: true})}
		a := &attachment{weight: 1000}
		request := func() *cache.Request {
			return &cache.Request{Key: k, Header: cache.FixedHeader{}, Life: t.Context(), Deadline: time.Now().Add(time.Minute)}
		}
		for range 2 {
			response, _, err := c.Get(t.Context(), request(), attaching{fetcher{s, k}, a})
			if err != nil || response.Attachment != cache.Attachment(a) {
				t.Fatalf("attachment %v, error %v; want the attachment that was fetched", response.Attachment, err)
			}
		}
		if a.updated != 1 || s.count() != 2 {
			t.Errorf("the attachment was updated %d times for %d requests; want once, by the 304", a.updated, s.count())
		}
		stored := c.Find(k, cache.FixedHeader{})
		if stored == nil {
			t.Fatal("nothing is stored")
		}
		a.weight = 2 << 20
		c.Reweigh(&stored.Response)
		synctest.Wait() // for the eviction
		if c.Find(k, cache.FixedHeader{}) != nil {
			t.Error("a response is stored whose attachment is larger than the cache")
		}
	})
}
