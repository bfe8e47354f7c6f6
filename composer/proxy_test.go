package composer_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// newProxy returns a proxy before an origin.
func newProxy(t testing.TB, o composer.Options, origin http.HandlerFunc) *site {
	return proxyBefore(t, o, remote(t, origin))
}

// proxyBefore returns a proxy before the origin at an address.
func proxyBefore(t testing.TB, o composer.Options, origin *url.URL) *site {
	o.Origin = origin
	c := newComposer(t, o, nil, nil)
	server := httptest.NewUnstartedServer(c.Proxy())
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	t.Cleanup(server.Close)
	server.Client().Transport.(*http.Transport).DisableCompression = true
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &site{c, server}
}

// ask sends a request with header lines, such as "GET /x|Range: bytes=0-1".
func (s *site) ask(t *testing.T, lines string) answer {
	t.Helper()
	line, header, _ := strings.Cut(lines, "|")
	method, target, _ := strings.Cut(line, " ")
	r := s.request(t, method, target, nil)
	for field := range strings.SplitSeq(header, "|") {
		if name, value, ok := strings.Cut(field, ": "); ok {
			r.Header.Add(name, value)
		}
	}
	return s.do(t, r)
}

// numbered answers with header lines and the number of the request as ten
// digits: the first is 0000000001.
func numbered(header string) *counter {
	return &counter{answer: func(w http.ResponseWriter, r *http.Request, n int32) {
		set(w, strings.Split(header, "|")...)
		if r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = fmt.Fprintf(w, "%010d", n)
	}}
}

func TestADocumentIsAnsweredFromTheStoreWhereThatIsRight(t *testing.T) {
	const day = 24 * time.Hour
	past := time.Now().Add(-day).UTC().Format(http.TimeFormat)
	before := time.Now().Add(-2 * day).UTC().Format(http.TimeFormat)
	const first, second, third = "200 0000000001", "200 0000000002", "200 0000000003"
	tests := []struct {
		name, origin string
		requests     []string
		want         []string // status and body
	}{
		{"fresh", "Cache-Control: max-age=60", []string{"GET /x", "GET /x"}, []string{first, first}},
		{"another query is another document", "Cache-Control: max-age=60", []string{"GET /x?a", "GET /x?b", "GET /x?a"}, []string{first, second, first}},
		{"no words", "X: y", []string{"GET /x", "GET /x"}, []string{first, second}},
		{"a cookie is no demand", "Cache-Control: max-age=60", []string{"GET /x", "GET /x|Cookie: a=b"}, []string{first, first}},
		{"Set-Cookie is one visitor's", "Cache-Control: max-age=60|Set-Cookie: a=b", []string{"GET /x", "GET /x"}, []string{first, second}},
		{"private (RFC 9111 §5.2.2.7)", "Cache-Control: max-age=60, private", []string{"GET /x", "GET /x"}, []string{first, second}},
		{"Authorization (§3.5)", "Cache-Control: max-age=60", []string{"GET /x|Authorization: a", "GET /x"}, []string{first, second}},
		{"Authorization and public (§3.5)", "Cache-Control: max-age=60, public", []string{"GET /x|Authorization: a", "GET /x"}, []string{first, first}},
		{"HEAD of what is stored (§4)", "Cache-Control: max-age=60", []string{"GET /x", "HEAD /x", "GET /x"}, []string{first, "200 ", first}},
		{"HEAD stores nothing", "Cache-Control: max-age=60", []string{"HEAD /x", "GET /x"}, []string{"200 ", second}},

		{"no-cache asks again (§5.2.1.4)", "Cache-Control: max-age=60", []string{"GET /x", "GET /x|Cache-Control: no-cache", "GET /x"}, []string{first, second, second}},
		{"and validates", `Cache-Control: max-age=60|ETag: "1"`, []string{"GET /x", "GET /x|Cache-Control: no-cache"}, []string{first, first}},
		{"no-store stores nothing (§5.2.1.5)", "Cache-Control: max-age=60", []string{"GET /x|Cache-Control: no-store", "GET /x"}, []string{first, second}},
		{"max-age that is too short (§5.2.1.1)", "Cache-Control: max-age=60|Age: 30", []string{"GET /x", "GET /x|Cache-Control: max-age=20"}, []string{first, second}},
		{"max-age that is long enough", "Cache-Control: max-age=60|Age: 30", []string{"GET /x", "GET /x|Cache-Control: max-age=40"}, []string{first, first}},
		{"min-fresh that is too long (§5.2.1.3)", "Cache-Control: max-age=60|Age: 30", []string{"GET /x", "GET /x|Cache-Control: min-fresh=40"}, []string{first, second}},
		{"max-stale (§5.2.1.2)", "Cache-Control: max-age=60|Age: 70", []string{"GET /x", "GET /x|Cache-Control: max-stale=20", "GET /x|Cache-Control: max-stale=5"}, []string{first, first, second}},
		{"max-stale of what must be revalidated (§4.2.4)", "Cache-Control: max-age=60, must-revalidate|Age: 70", []string{"GET /x", "GET /x|Cache-Control: max-stale"}, []string{first, second}},
		{"only-if-cached (§5.2.1.7)", "Cache-Control: max-age=60", []string{"GET /x|Cache-Control: only-if-cached", "GET /x", "GET /x|Cache-Control: only-if-cached"}, []string{"504 Gateway Timeout\n", first, first}},
		{"Pragma asks again (§5.4)", "Cache-Control: max-age=60", []string{"GET /x", "GET /x|Pragma: No-Cache", "GET /x"}, []string{first, second, second}},
		{"Pragma says nothing beside Cache-Control (§5.4)", "Cache-Control: max-age=60", []string{"GET /x", "GET /x|Pragma: no-cache|Cache-Control: x"}, []string{first, first}},

		{"If-None-Match (§4.3.2)", `Cache-Control: max-age=60|ETag: "a"`, []string{"GET /x", `GET /x|If-None-Match: "b", W/"a"`, `GET /x|If-None-Match: "b"`}, []string{first, "304 ", first}},
		{"If-None-Match before anything is stored", `Cache-Control: max-age=60|ETag: "a"`, []string{`GET /x|If-None-Match: "a"`, "GET /x"}, []string{"304 ", first}},
		{"If-None-Match wins (RFC 9110 §13.2.2)", `Cache-Control: max-age=60|ETag: "a"|Last-Modified: ` + before, []string{"GET /x", `GET /x|If-None-Match: "b"|If-Modified-Since: ` + past}, []string{first, first}},
		{"If-Modified-Since (§4.3.2)", "Cache-Control: max-age=60|Last-Modified: " + past, []string{"GET /x", "GET /x|If-Modified-Since: " + past, "GET /x|If-Modified-Since: " + before}, []string{first, "304 ", first}},
		{"If-Modified-Since of what does not say (§4.3.2)", "Cache-Control: max-age=60|Date: " + past, []string{"GET /x", "GET /x|If-Modified-Since: " + before}, []string{first, second}},
		{"If-None-Match with nothing in it", "Cache-Control: max-age=60", []string{"GET /x", "GET /x|If-None-Match: ,"}, []string{first, first}},
		{"If-Modified-Since where nothing is stored, since an origin knows one part of a page", "X: y", []string{"GET /x|Cache-Control: no-store|If-Modified-Since: " + past}, []string{first}},
		{"If-Match is for the origin (§4.3.2)", `Cache-Control: max-age=60|ETag: "a"`, []string{"GET /x", `GET /x|If-Match: "b"`}, []string{first, second}},

		{"a range (RFC 9110 §14.2)", "Cache-Control: max-age=60", []string{"GET /x", "GET /x|Range: bytes=8-", "GET /x|Range: bytes=-1"}, []string{first, "206 01", "206 1"}},
		{"a range of HEAD (§14.2)", "Cache-Control: max-age=60", []string{"GET /x", "HEAD /x|Range: bytes=8-"}, []string{first, "200 "}},
		{"a range of nothing", "Cache-Control: max-age=60", []string{"GET /x", "GET /x|Range: bytes=10-"}, []string{first, "416 invalid range: failed to overlap\n"}},
		{"a range of another version (§13.1.5)", `Cache-Control: max-age=60|ETag: "a"`, []string{"GET /x", `GET /x|Range: bytes=8-|If-Range: "b"`, `GET /x|Range: bytes=8-|If-Range: "a"`}, []string{first, first, "206 01"}},
		{"a range of a weak one (§13.1.5)", `Cache-Control: max-age=60|ETag: W/"a"`, []string{"GET /x", `GET /x|Range: bytes=8-|If-Range: W/"a"`}, []string{first, first}},

		{"Vary (§4.1)", "Cache-Control: max-age=60|Vary: Foo", []string{"GET /x|Foo: 1, 2", "GET /x|Foo: 3", "GET /x|Foo: 1|Foo: 2", "GET /x|Foo: 1,2"}, []string{first, second, first, first}},
		{"Vary on what may stand in any order (§4.1)", "Cache-Control: max-age=60|Vary: Accept-Language", []string{"GET /x|Accept-Language: en, DE;q=0.5", "GET /x|Accept-Language: de; q=0.5,en", "GET /x|Accept-Language: de"}, []string{first, first, second}},
		{"Vary on cookies, which are no list", "Cache-Control: max-age=60|Vary: Cookie", []string{"GET /x|Cookie: a=1,2", "GET /x|Cookie: a=1, 2"}, []string{first, second}},
		{"Vary: * (§4.1)", "Cache-Control: max-age=60|Vary: *", []string{"GET /x", "GET /x"}, []string{first, second}},

		{"a write drops it (§4.4)", "Cache-Control: max-age=60", []string{"GET /x", "POST /x", "GET /x"}, []string{first, second, third}},
		{"so does a method that we do not know", "Cache-Control: max-age=60", []string{"GET /x", "M-SEARCH /x", "GET /x"}, []string{first, second, third}},
		{"OPTIONS does not", "Cache-Control: max-age=60", []string{"GET /x", "OPTIONS /x", "GET /x"}, []string{first, second, first}},
		{"a write drops its Location", "Cache-Control: max-age=60|Location: /x", []string{"GET /x", "POST /y", "GET /x"}, []string{first, second, third}},
		{"and its Content-Location", "Cache-Control: max-age=60|Content-Location: x", []string{"GET /x", "PUT /y", "GET /x"}, []string{first, second, third}},
		{"but not that of another origin", "Cache-Control: max-age=60|Location: http://other.example/x", []string{"GET /x", "POST /y", "GET /x"}, []string{first, second, first}},
		{"a POST that is what GET would get (RFC 9110 §9.3.3)", "Cache-Control: max-age=60|Content-Location: /x", []string{"POST /x", "GET /x"}, []string{first, first}},
		{"a POST that says it is something else", "Cache-Control: max-age=60|Content-Location: /y", []string{"POST /x", "GET /x", "GET /y"}, []string{first, second, third}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newProxy(t, composer.Options{ObeyRequestCacheControl: true}, numbered(test.origin).ServeHTTP)
			var got []string
			for _, request := range test.requests {
				a := s.ask(t, request)
				got = append(got, fmt.Sprint(a.status, " ", a.body))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: answers to %q (-want +got):\n%s", test.origin, test.requests, diff)
			}
		})
	}
}

// TestAWriteThatFailsDropsNothing is RFC 9111 §4.4.
func TestAWriteThatFailsDropsNothing(t *testing.T) {
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=60")
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	s.ask(t, "GET /x")
	s.ask(t, "POST /x")
	if got := s.ask(t, "GET /x").header.Get("Cache-Status"); !strings.Contains(got, "hit") {
		t.Errorf("Cache-Status = %q; want a hit", got)
	}
}

// TestHEADFreshensWhatIsStored is RFC 9111 §4.3.5.
func TestHEADFreshensWhatIsStored(t *testing.T) {
	tests := []struct {
		name, head string
		want       string // the number of the request whose body GET has after it
		header     string
	}{
		{"the same without validators", "Cache-Control: max-age=60|X: 2|Content-Length: 10", "1", "2"},
		{"the same by its validator", `Cache-Control: max-age=60|X: 2|ETag: "a"`, "1", "2"},
		{"another by its validator", `Cache-Control: max-age=60|X: 2|ETag: "b"`, "3", "3"},
		{"another by its length", "Cache-Control: max-age=60|X: 2|Content-Length: 9", "3", "3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &counter{answer: func(w http.ResponseWriter, r *http.Request, n int32) {
				if r.Method == http.MethodHead {
					set(w, strings.Split(test.head, "|")...)
					return
				}
				set(w, "Cache-Control: max-age=60", "Age: 70", `ETag: "a"`, fmt.Sprint("X: ", n))
				_, _ = fmt.Fprintf(w, "%010d", n)
			}}
			s := newProxy(t, composer.Options{}, f.ServeHTTP)
			s.ask(t, "GET /x")
			s.ask(t, "HEAD /x")
			a := s.ask(t, "GET /x")
			if got := strings.TrimLeft(a.body, "0"); got != test.want || a.header.Get("X") != test.header {
				t.Errorf("GET after HEAD is the answer %s with X: %s; want %s with %s", got, a.header.Get("X"), test.want, test.header)
			}
		})
	}
}

// TestAnErrorIsNever304 is RFC 9110 §13.2.1.
func TestAnErrorIsNever304(t *testing.T) {
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		set(w, "Cache-Control: max-age=60", `ETag: "a"`)
		w.WriteHeader(http.StatusNotFound)
	})
	for range 2 {
		if got := s.ask(t, `GET /x|If-None-Match: "a"`).status; got != http.StatusNotFound {
			t.Errorf("status = %d; want 404", got)
		}
	}
}

func TestANotModifiedThatNobodyAskedForIsAFailure(t *testing.T) {
	s := newProxy(t, composer.Options{}, status(http.StatusNotModified, ""))
	if got := s.ask(t, `GET /x|If-None-Match: "a"`).status; got != http.StatusBadGateway {
		t.Errorf("status = %d; want 502", got)
	}
}
