package composer_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

func TestForwardHandsOnWhatIsAllowed(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			var got *http.Request
			var body string
			api := func(_ http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				got, body = r, string(b)
			}
			s := newSite(t, composer.Options{Cookies: []string{"session"}}, nil, map[string]composer.Source{"api": kind.source(t, api)})
			r := s.request(t, http.MethodPatch, "/api/a%2Fb?c=d&c=;e", strings.NewReader("quantity=2"))
			r.Host = "shop.example"
			r.Header = http.Header{
				"Content-Type": {"application/x-www-form-urlencoded"}, "Idempotency-Key": {`"k"`}, "Authorization": {"Bearer t"},
				"Accept": {"text/html", "*/*"}, "If-Match": {`"1"`}, "Accept-Language": {"de"}, "User-Agent": {"test"}, "X-Request-Id": {"7"},
				"Cookie":          {"other=1; session=s; tracking=2", "session2=3"},
				"X-Forwarded-For": {"10.0.0.1"}, "X-Forwarded-Host": {"evil"}, "X-Real-Ip": {"10.0.0.1"}, "Forwarded": {"for=10.0.0.1"},
				"Surrogate-Capability": {`evil="ESI/1.0"`}, "X-Esi-Level": {"-9"}, "Range": {"bytes=0-1"}, "Accept-Encoding": {"br"},
				"Connection": {"X-Request-Id"}, "Te": {"trailers"},
			}
			if a := s.do(t, r); a.status != 200 || a.body != "" {
				t.Errorf("answer = %d %q; want an empty 200", a.status, a.body)
			}
			if got.Method != http.MethodPatch || got.URL.RequestURI() != "/api/a%2Fb?c=d&c=;e" || got.RequestURI != got.URL.RequestURI() || body != "quantity=2" || got.ContentLength != 10 {
				t.Errorf("fragment got %s %s with %q of %d bytes", got.Method, got.URL.RequestURI(), body, got.ContentLength)
			}
			got.Header.Del("Accept-Encoding") // the transport's own
			want := http.Header{
				"Content-Type": {"application/x-www-form-urlencoded"}, "Idempotency-Key": {`"k"`}, "Authorization": {"Bearer t"},
				"Accept": {"text/html", "*/*"}, "If-Match": {`"1"`}, "Accept-Language": {"de"}, "User-Agent": {"test"}, "X-Request-Id": {"7"},
				"Content-Length": {"10"}, "Cookie": {"session=s"},
				"X-Forwarded-Host": {"shop.example"}, "X-Forwarded-Proto": {"http"},
				"Surrogate-Capability": {`evil="ESI/1.0", selvedge="Surrogate/1.0 ESI/1.0"`}, "Via": {"1.1 selvedge"},
			}
			if diff := cmp.Diff(want, got.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
		})
	}
}

func TestForwardHandsBackTheAnswer(t *testing.T) {
	api := func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/problem+json")
		h.Set("Cache-Group-Invalidation", `"cart:1"`)
		h.Set("Vary", "Accept")
		h.Set("Set-Cookie", "session=stolen")
		h.Set("Surrogate-Control", `content="ESI/1.0"`)
		h.Set("Selvedge-Error", "no")
		h.Set("Content-Security-Policy", "default-src *")
		h.Set("Keep-Alive", "timeout=9")
		h.Set("Proxy-Authentication-Info", `nextnonce="1"`) // RFC 9110 §11.7.3
		h.Set("Connection", "X-Hop")
		h.Set("X-Hop", "1")
		w.WriteHeader(409)
		_, _ = io.WriteString(w, `{"title":"<esi:include/>"}`)
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			c := newComposer(t, composer.Options{}, nil, map[string]composer.Source{"api": kind.source(t, api)})
			w := httptest.NewRecorder()
			w.Header().Set("Content-Security-Policy", "default-src 'none'")
			w.Header().Set("Vary", "Sec-Fetch-Dest")
			c.Forward("api").ServeHTTP(w, request(t, "POST", "/api/x"))
			w.Header().Del("Date")
			w.Header().Del("Content-Length")
			want := http.Header{
				"Content-Type": {"application/problem+json"}, "Cache-Group-Invalidation": {`"cart:1"`},
				"Vary": {"Sec-Fetch-Dest", "Accept"}, "Content-Security-Policy": {"default-src 'none'"},
			}
			if diff := cmp.Diff(want, w.Header()); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if w.Code != 409 || w.Body.String() != `{"title":"<esi:include/>"}` {
				t.Errorf("answer = %d %q; want the fragment's", w.Code, w.Body)
			}
		})
	}
}

func TestForwardKeepsBackAnAnswerForAPerson(t *testing.T) {
	flushed := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</x.css>; rel=stylesheet")
		shown(422, "<form>")(w, r)
		_ = http.NewResponseController(w).Flush() // and so its length is not known
		_, _ = io.WriteString(w, "</form>")
	}
	late := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.Header().Set("X-Other", "y")
		shown(429, "later")(w, r)
	}
	busy := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "9")
		shown(503, "busy")(w, r)
	}
	tests := []struct {
		name string
		api  http.HandlerFunc
		want *composer.RefusedError
	}{
		{"with what its status calls for", late, &composer.RefusedError{
			Reference: "/fragments/api/api/x", Status: 429, Body: []byte("later"), Header: http.Header{"Retry-After": {"60"}},
		}},
		{"of a fragment that is busy", busy, &composer.RefusedError{
			Reference: "/fragments/api/api/x", Status: 503, Body: []byte("busy"), Header: http.Header{"Retry-After": {"9"}},
		}},
		{"in one piece", shown(422, "<form></form>"), &composer.RefusedError{Reference: "/fragments/api/api/x", Status: 422, Body: []byte("<form></form>")}},
		{"in pieces", flushed, &composer.RefusedError{Reference: "/fragments/api/api/x", Status: 422, Body: []byte("<form></form>")}},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				var got error
				c := newComposer(t, composer.Options{Error: func(_ http.ResponseWriter, _ *http.Request, err error) { got = err }},
					nil, map[string]composer.Source{"api": kind.source(t, test.api)})
				w := httptest.NewRecorder()
				c.Forward("api").ServeHTTP(w, request(t, "POST", "/api/x"))
				if diff := cmp.Diff(error(test.want), got); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
				if !maps.EqualFunc(w.Header(), test.want.Header, slices.Equal) || w.Body.Len() > 0 || w.Flushed {
					t.Errorf("%v %q left before the error was answered", w.Header(), w.Body)
				}
			})
		}
	}
}

// Whatever goes wrong before the first byte is answered, and with none of the
// header that the fragment had set by then.
func TestForwardFailsBeforeTheFirstByte(t *testing.T) {
	half := func(then func(http.ResponseWriter, *http.Request)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/secret")
			then(w, r)
		}
	}
	shownThen := func(then func()) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			shown(422, "secret")(w, r)
			_ = http.NewResponseController(w).Flush()
			then()
		}
	}
	tests := []struct {
		name string
		api  http.HandlerFunc
		want int
	}{
		{"a panic", half(func(http.ResponseWriter, *http.Request) { panic("secret") }), 502},
		{"an abort", half(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), 502},
		{"too slow", half(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), 504},
		{"a large answer for a person", shown(422, strings.Repeat("s", limit+1)), 502},
		{"a broken answer for a person", shownThen(func() { panic(http.ErrAbortHandler) }), 502},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, composer.Options{MaxFragment: limit, ActionTimeout: 200 * time.Millisecond}, nil,
					map[string]composer.Source{"api": kind.source(t, test.api)})
				got := s.do(t, s.request(t, http.MethodPost, "/api/x", nil))
				if want := http.StatusText(test.want) + "\n"; got.status != test.want || got.body != want || got.header.Get("Location") != "" {
					t.Errorf("answer = %d %q %v; want %d %q", got.status, got.body, got.header, test.want, want)
				}
			})
		}
	}
}

func TestForwardFailsAfterTheFirstByte(t *testing.T) {
	begin := func(then func(*http.Request)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("begin", 2000))
			_ = http.NewResponseController(w).Flush()
			then(r)
		}
	}
	tests := []struct {
		name string
		api  http.HandlerFunc
	}{
		{"a panic", begin(func(*http.Request) { panic("secret") })},
		{"too slow", begin(func(r *http.Request) { <-r.Context().Done(); panic(http.ErrAbortHandler) })},
		{"too short", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "10001")
			begin(func(*http.Request) {})(w, r)
		}},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, composer.Options{ActionTimeout: 200 * time.Millisecond}, nil,
					map[string]composer.Source{"api": kind.source(t, test.api)})
				if got := s.do(t, s.request(t, http.MethodPost, "/api/x", nil)); !errors.Is(got.err, io.ErrUnexpectedEOF) {
					t.Errorf("answer = %d of %d bytes, %v; want %v", got.status, len(got.body), got.err, io.ErrUnexpectedEOF)
				}
			})
		}
	}
}

func TestForwardToAProcessThatIsGone(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	var got error
	c := newComposer(t, composer.Options{Error: func(_ http.ResponseWriter, _ *http.Request, err error) { got = err }},
		nil, map[string]composer.Source{"api": sourceAt(t, gone.URL)})
	c.Forward("api").ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "POST", "/api/x", strings.NewReader("a=b")))
	var fetch *composer.FetchError
	if !errors.As(got, &fetch) || fetch.Reference != "/fragments/api/api/x" || composer.StatusOf(got) != 502 {
		t.Errorf("error = %v with %d; want a FetchError with 502", got, composer.StatusOf(got))
	}
}

func TestForwardToANameThatIsNot(t *testing.T) {
	s := newSite(t, composer.Options{}, nil, nil)
	if got := s.get(t, "/api/x"); got.status != 404 {
		t.Errorf("status = %d; want 404", got.status)
	}
}

// A process that sends 1xx answers must not make the composer forget the
// header that the site has set.
func TestForwardDropsInformationalAnswers(t *testing.T) {
	api := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload; as=style")
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.WriteString(w, "ok")
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			c := newComposer(t, composer.Options{}, nil, map[string]composer.Source{"api": kind.source(t, api)})
			w := httptest.NewRecorder()
			w.Header().Set("X-Frame-Options", "DENY")
			c.Forward("api").ServeHTTP(w, request(t, "GET", "/api/x"))
			if w.Code != 200 || w.Header().Get("X-Frame-Options") != "DENY" || w.Body.String() != "ok" {
				t.Errorf("answer = %d %v %q; want the fragment's, and what the site set", w.Code, w.Header(), w.Body)
			}
		})
	}
}

// A process cannot take over a browser's connection.
func TestForwardRefusesAnUpgradeThatNobodyAskedFor(t *testing.T) {
	api := func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer func() { _ = conn.Close() }()
		_, _ = buffered.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nsecret")
		_ = buffered.Flush()
	}
	s := newSite(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/api/x">none</esi:include>`)},
		map[string]composer.Source{"api": {URL: remote(t, api)}})
	if got := s.get(t, "/api/x"); got.status != 502 {
		t.Errorf("answer = %d %q; want 502", got.status, got.body)
	}
	if got := s.get(t, "/"); got.body != "none" {
		t.Errorf("page = %q; want its fallback", got.body)
	}
}

// A request without a body stays one, though a middleware may have wrapped the
// body to limit it: it would be sent in chunks otherwise.
func TestForwardSendsNoBodyWhereThereIsNone(t *testing.T) {
	var length int64
	var encoding []string
	api := func(_ http.ResponseWriter, r *http.Request) { length, encoding = r.ContentLength, r.TransferEncoding }
	c := newComposer(t, composer.Options{}, nil, map[string]composer.Source{"api": {URL: remote(t, api)}})
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		r := request(t, method, "/api/x")
		w := httptest.NewRecorder()
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		c.Forward("api").ServeHTTP(w, r)
		if length != 0 || encoding != nil {
			t.Errorf("%s arrives with length %d, encoding %q; want no body", method, length, encoding)
		}
	}
}

func TestForwardEndsForWhoLeaves(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			started, ended := make(chan struct{}), make(chan struct{})
			api := func(_ http.ResponseWriter, r *http.Request) {
				close(started)
				<-r.Context().Done()
				close(ended)
			}
			c := newComposer(t, composer.Options{ActionTimeout: time.Minute,
				Error: func(http.ResponseWriter, *http.Request, error) { t.Error("Error was called for who left") },
			}, nil, map[string]composer.Source{"api": kind.source(t, api)})
			ctx, leave := context.WithCancel(t.Context())
			go func() { <-started; leave() }()
			defer func() {
				if p := recover(); p != any(http.ErrAbortHandler) {
					t.Errorf("panic = %v; want %v", p, http.ErrAbortHandler)
				}
				<-ended
			}()
			c.Forward("api").ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "POST", "/api/x", nil))
		})
	}
}

func TestActionTimeoutIsTheOneSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{ActionTimeout: 3 * time.Second}, fragments{
			"api": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		}, nil)
		w, started := httptest.NewRecorder(), time.Now()
		c.Forward("api").ServeHTTP(w, request(t, "POST", "/api/x"))
		if took := time.Since(started); took != 3*time.Second || w.Code != 504 {
			t.Errorf("answer = %d after %v; want 504 after 3s", w.Code, took)
		}
	})
}

// The bytes that HTTP/2 lets into a query must not end an HTTP/1 request line
// (request smuggling).
func TestAQueryCannotEndTheRequestLine(t *testing.T) {
	lines := make(chan string, 2)
	api := func(_ http.ResponseWriter, r *http.Request) { lines <- r.Method + " " + r.RequestURI }
	c := newComposer(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/api/y?$(QUERY_STRING)" onerror="continue"/>`)},
		map[string]composer.Source{"api": {URL: remote(t, api)}})
	r := request(t, "GET", "/api/x")
	r.URL = &url.URL{Path: "/api/x", RawQuery: "a HTTP/1.1#b"}
	c.Forward("api").ServeHTTP(httptest.NewRecorder(), r)
	c.Page("page").ServeHTTP(httptest.NewRecorder(), r)
	close(lines)
	if got, want := <-lines, "GET /api/x?a%20HTTP/1.1%23b"; got != want {
		t.Errorf("a forwarded request is %q; want %q", got, want)
	}
	if got, want := <-lines, "GET /y?a%20HTTP/1.1%23b"; got != want {
		t.Errorf("an include is %q; want %q", got, want)
	}
}

func TestForwardStreamsABodyOfUnknownLength(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			api := func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				_, _ = w.Write(body)
			}
			s := newSite(t, composer.Options{}, nil, map[string]composer.Source{"api": kind.source(t, api)})
			body := strings.Repeat("0123456789", 20_000)
			r := s.request(t, http.MethodPost, "/api/x", struct{ io.Reader }{strings.NewReader(body)})
			if got := s.do(t, r); got.body != body {
				t.Errorf("answer has %d bytes; want the %d that were sent", len(got.body), len(body))
			}
		})
	}
}
