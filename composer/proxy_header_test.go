package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

func TestAnOriginLearnsWhoAsksFromUs(t *testing.T) {
	var got *http.Request
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) { got = r })
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		r := s.request(t, method, "/a%2Fb?c=d&c=;e", nil)
		r.Host = "shop.example"
		r.Header = http.Header{
			"Cookie": {"a=b"}, "Authorization": {"Bearer t"}, "Accept-Encoding": {"br"}, "X-Own": {"1"}, "User-Agent": nil,
			"X-Forwarded-For": {"10.0.0.1"}, "X-Forwarded-Host": {"evil"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Port": {"1"}, "X-Real-Ip": {"10.0.0.1"}, "X-Original-Url": {"/evil"}, "Forwarded": {"for=10.0.0.1"},
			"Surrogate-Capability": {`selvedge="ESI/0.8"`}, "Via": {"1.0 fred"},
			"Connection": {"X-Hop"}, "X-Hop": {"1"}, "Keep-Alive": {"5"}, "Proxy-Authorization": {"x"}, "Te": {"x"},
		}
		s.do(t, r)
		if got.Host != "shop.example" || got.URL.RequestURI() != "/a%2Fb?c=d&c=;e" {
			t.Errorf("the origin was asked for %s at %s", got.URL.RequestURI(), got.Host)
		}
		got.Header.Del("Content-Length")
		want := http.Header{
			"Cookie": {"a=b"}, "Authorization": {"Bearer t"}, "Accept-Encoding": {"br"}, "X-Own": {"1"},
			"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Host": {"shop.example"}, "X-Forwarded-Proto": {"http"}, "X-Esi-Level": {"0"},
			"Surrogate-Capability": {`selvedge="ESI/0.8", selvedge2="Surrogate/1.0 ESI/1.0"`}, "Via": {"1.0 fred", "1.1 selvedge"},
		}
		if diff := cmp.Diff(want, got.Header); diff != "" {
			t.Errorf("header of %s (-want +got):\n%s", method, diff)
		}
	}
}

func TestAnAnswerKeepsWhatIsNotAboutTheConnection(t *testing.T) {
	for _, control := range []string{"max-age=60", "no-store"} {
		t.Run(control, func(t *testing.T) {
			f := &counter{answer: func(w http.ResponseWriter, _ *http.Request, _ int32) {
				set(w, "Cache-Control: "+control, "Date: Thu, 19 Nov 2026 12:00:00 GMT", "Age: 7", "Content-Encoding: x", "Cdn-Cache-Control: max-age=60",
					"Surrogate-Control: foo", "Selvedge-Cache-Control: "+control, "Selvedge-Error: show", "Connection: X-Hop", "X-Hop: 1", "Proxy-Authenticate: x", "Proxy-Authentication-Info: x")
				w.Header()["Content-Type"] = nil
				_, _ = io.WriteString(w, "<html>")
			}}
			s := newProxy(t, composer.Options{}, f.ServeHTTP)
			for range 2 {
				a := s.ask(t, "GET /x")
				a.header.Del("Cache-Status")
				a.header.Del("Age")
				want := http.Header{
					"Cache-Control": {control}, "Date": {"Thu, 19 Nov 2026 12:00:00 GMT"}, "Content-Encoding": {"x"},
					"Cdn-Cache-Control": {"max-age=60"}, "Content-Length": {"6"},
				}
				if diff := cmp.Diff(want, a.header); diff != "" {
					t.Errorf("header (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestADocumentSaysHowItWasHad is RFC 9211 §2.
func TestADocumentSaysHowItWasHad(t *testing.T) {
	tests := []struct {
		origin   string
		requests []string
		want     string // of the last, without its ttl
	}{
		{"Cache-Control: max-age=60", []string{"GET /x"}, "selvedge; fwd=uri-miss; fwd-status=200; stored"},
		{"Cache-Control: max-age=60", []string{"GET /x", "GET /x"}, "selvedge; hit"},
		{"Cache-Control: max-age=60", []string{"GET /x", "GET /x|Cache-Control: no-cache"}, "selvedge; fwd=request; fwd-status=200; stored"},
		{`Cache-Control: max-age=60|Age: 70|ETag: "a"`, []string{"GET /x", "GET /x"}, "selvedge; fwd=stale; fwd-status=304; stored"},
		{"Cache-Control: max-age=60|Vary: Foo", []string{"GET /x", "GET /x|Foo: 1"}, "selvedge; fwd=vary-miss; fwd-status=200; stored"},
		{"Cache-Control: no-store", []string{"GET /x"}, "selvedge; fwd=uri-miss; fwd-status=200"},
		{"X: y", []string{"POST /x"}, "selvedge; fwd=method; fwd-status=200"},
		{"Cache-Control: max-age=60|Content-Location: /x", []string{"POST /x"}, "selvedge; fwd=method; fwd-status=200; stored"},
		{"Cache-Control: max-age=60", []string{"HEAD /x"}, "selvedge; fwd=uri-miss; fwd-status=200"},
		{"Cache-Control: max-age=60", []string{"GET /x|Cache-Control: no-store"}, "selvedge; fwd=request; fwd-status=200"},
		{"Cache-Control: max-age=60|Cache-Status: other; hit", []string{"GET /x"}, "other; hit, selvedge; fwd=uri-miss; fwd-status=200; stored"},
		{"Cache-Control: no-store|Cache-Status: other; hit", []string{"GET /x"}, "other; hit, selvedge; fwd=uri-miss; fwd-status=200"},
	}
	for _, test := range tests {
		s := newProxy(t, composer.Options{ObeyRequestCacheControl: true}, numbered(test.origin).ServeHTTP)
		var got string
		for _, request := range test.requests {
			got, _, _ = strings.Cut(strings.Join(s.ask(t, request).header.Values("Cache-Status"), ", "), "; ttl=")
		}
		if got != test.want {
			t.Errorf("%s after %q: Cache-Status = %q; want %q", test.origin, test.requests, got, test.want)
		}
	}
}

// TestADocumentHasADate is RFC 9110 §6.6.1: what is stored keeps the time at
// which it came.
func TestADocumentHasADate(t *testing.T) {
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		w.Header().Set("Cache-Control", "max-age=60")
		w.Header().Set("Age", "50")
	})
	for range 2 {
		got, err := http.ParseTime(s.ask(t, "GET /x").header.Get("Date"))
		if err != nil || time.Since(got) > time.Minute {
			t.Errorf("Date = %v, %v; want the time at which it came", got, err)
		}
	}
}

// TestAnOriginDoesNotReplaceWhatTheSiteSays holds for what is stored, too.
func TestAnOriginDoesNotReplaceWhatTheSiteSays(t *testing.T) {
	for _, control := range []string{"max-age=60", "no-store"} {
		origin := remote(t, saying("Cache-Control: "+control, "X-Request-Id: theirs").ServeHTTP)
		proxy := newComposer(t, composer.Options{Origin: origin}, nil, nil).Proxy()
		for _, id := range []string{"1", "2"} {
			w := httptest.NewRecorder()
			w.Header().Set("X-Request-Id", id)
			proxy.ServeHTTP(w, request(t, http.MethodGet, "/x"))
			if got := w.Header().Values("X-Request-Id"); len(got) != 1 || got[0] != id {
				t.Errorf("%s: X-Request-Id = %q; want %s", control, got, id)
			}
		}
	}
}

func TestAFailingOriginIsCoveredAsFarAsItOrTheRequestAllows(t *testing.T) {
	tests := []struct{ name, origin, request, want string }{
		{"it allows (RFC 5861 §4)", "Cache-Control: max-age=60, stale-if-error=60|Age: 70", "GET /x", "200 old"},
		{"the request allows (RFC 5861 §4)", "Cache-Control: max-age=60|Age: 70", "GET /x|Cache-Control: stale-if-error=60", "200 old"},
		{"the request allows less", "Cache-Control: max-age=60|Age: 70", "GET /x|Cache-Control: stale-if-error=5", "502 Bad Gateway\n"},
		{"the request may not (RFC 9111 §5.2.2.2)", "Cache-Control: max-age=60, must-revalidate|Age: 70", "GET /x|Cache-Control: stale-if-error=60", "504 Gateway Timeout\n"},
		{"nobody allows", "Cache-Control: max-age=60|Age: 70", "GET /x", "502 Bad Gateway\n"},
		{"nobody allows, and it must be validated (§5.2.2.2)", "Cache-Control: max-age=60, proxy-revalidate|Age: 70", "GET /x", "504 Gateway Timeout\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &counter{answer: func(w http.ResponseWriter, _ *http.Request, n int32) {
				if n > 1 {
					panic(http.ErrAbortHandler)
				}
				set(w, strings.Split(test.origin, "|")...)
				_, _ = io.WriteString(w, "old")
			}}
			s := newProxy(t, composer.Options{}, f.ServeHTTP)
			s.ask(t, "GET /x")
			a := s.ask(t, test.request)
			if got := fmt.Sprint(a.status, " ", a.body); got != test.want {
				t.Errorf("answer = %q; want %q", got, test.want)
			}
		})
	}
}

// TestAnOriginThatDoesNotBeginIs504 holds for what is stored and for what
// passes.
func TestAnOriginThatDoesNotBeginIs504(t *testing.T) {
	for _, options := range []composer.Options{{ActionTimeout: 20 * time.Millisecond, ObeyRequestCacheControl: true}, {PageTimeout: 20 * time.Millisecond, ObeyRequestCacheControl: true}} {
		for _, request := range []string{"GET /x", "POST /x", "GET /x|Cache-Control: no-store"} {
			if options.PageTimeout > 0 && request != "GET /x" {
				continue // what passes has no end
			}
			s := newProxy(t, options, func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.ReadAll(r.Body) // or the server would not see that nobody waits
				<-r.Context().Done()
			})
			if got := s.ask(t, request).status; got != http.StatusGatewayTimeout {
				t.Errorf("with %v and %v, %s is answered with %d; want 504", options.ActionTimeout, options.PageTimeout, request, got)
			}
		}
	}
}
