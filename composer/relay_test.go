package composer_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// waysPast are requests that reach the origin: for an answer that is stored, and
// by each of the ways past the store.
var waysPast = []string{"GET /x", "HEAD /x", "POST /x", "GET /x|Cache-Control: no-store", "GET /x|Range: bytes=0-1"}

// informing is an origin that sends the lines of an informational response as
// they are, and then an answer with a field.
func informing(t *testing.T, informs, field string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = c.Close() }()
		for _, lines := range []string{informs, "HTTP/1.1 200 OK|Connection: close|Content-Length: 0|" + field} {
			_, _ = io.WriteString(c, strings.ReplaceAll(lines, "|", "\r\n")+"\r\n\r\n")
		}
	}
}

// TestInformationalResponsesPass holds that they do, without what is between
// the origin and us, and leave the answer as it would be without them.
func TestInformationalResponsesPass(t *testing.T) {
	const informs = "HTTP/1.1 103 Early Hints|Link: </x.css>; rel=preload; as=style|X-Own: 1|X-Request-Id: theirs|" +
		"Connection: X-Hop|X-Hop: 1|Keep-Alive: 5|Proxy-Authenticate: x|Upgrade: h2c|Content-Length: 5|" +
		`Surrogate-Control: max-age=60|Selvedge-Cache-Control: max-age=60|Selvedge-Error: show`
	for _, way := range waysPast {
		t.Run(way, func(t *testing.T) {
			o := composer.Options{
				Origin:     remote(t, informing(t, informs, "Cache-Control: max-age=60")),
				EarlyHints: func(*http.Request) bool { return true },
			}
			proxy := newComposer(t, o, nil, nil).Proxy()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", "ours")
				w.Header().Set("Link", "</icon>; rel=icon")
				proxy.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			s := &site{server: server}
			got := make(map[int]http.Header)
			trace := &httptrace.ClientTrace{Got1xxResponse: func(status int, h textproto.MIMEHeader) error {
				got[status] = http.Header(h)
				return nil
			}}
			a := s.doTraced(t, way, trace)
			want := map[int]http.Header{http.StatusEarlyHints: {
				"Link": {"</icon>; rel=icon", "</x.css>; rel=preload; as=style"}, "X-Own": {"1"}, "X-Request-Id": {"ours"},
			}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("informed of (-want +got):\n%s", diff)
			}
			for name, want := range map[string][]string{"X-Request-Id": {"ours"}, "Link": {"</icon>; rel=icon"}, "X-Own": nil, "Content-Type": nil} {
				if values := a.header[name]; a.status != http.StatusOK || !slices.Equal(values, want) {
					t.Errorf("the answer is %d with %s %q; want 200 and %q", a.status, name, values, want)
				}
			}
		})
	}
}

// doTraced is ask with a trace.
func (s *site) doTraced(t *testing.T, lines string, trace *httptrace.ClientTrace) answer {
	t.Helper()
	line, header, _ := strings.Cut(lines, "|")
	method, target, _ := strings.Cut(line, " ")
	r := s.request(t, method, target, nil).WithContext(httptrace.WithClientTrace(t.Context(), trace))
	if name, value, ok := strings.Cut(header, ": "); ok {
		r.Header.Set(name, value)
	}
	return s.do(t, r)
}

// TestNothingInformsByHTTP10 is RFC 9110 §15.2: such a client takes the first
// response for the answer. It holds for what the origin says and for the hints
// of a page, whatever the operator allows.
func TestNothingInformsByHTTP10(t *testing.T) {
	allowed := composer.Options{EarlyHints: func(*http.Request) bool { return true }}
	for _, status := range []string{"102 Processing", "103 Early Hints", "199 Own"} {
		s := newProxy(t, allowed, informing(t, "HTTP/1.1 "+status+"|Link: </x.css>; rel=preload; as=style", "X: y"))
		for _, way := range waysPast {
			line, header, _ := strings.Cut(way, "|")
			if got := rawAnswer(t, s.server, line+" HTTP/1.0|"+header+"|Content-Length: 0"); !strings.HasPrefix(got, "HTTP/1.0 200 OK") {
				t.Errorf("%s is answered by HTTP/1.0 with %q; want 200 alone", way, got)
			}
		}
	}
	server, seen := slowPage(t, allowed)
	server.Start()
	t.Cleanup(server.Close)
	for range 2 {
		seen <- struct{}{}
		if got := rawAnswer(t, server, "GET / HTTP/1.0"); !strings.HasPrefix(got, "HTTP/1.0 200 OK") || !strings.HasSuffix(got, "heada") {
			t.Errorf("the page is %q; want 200 alone", got)
		}
	}
}

// TestOnlyEarlyHintsAreForThoseWhoTakeThem holds for what an origin says.
func TestOnlyEarlyHintsAreForThoseWhoTakeThem(t *testing.T) {
	tests := []struct {
		status  int
		takes   func(*http.Request) bool
		reaches bool
	}{
		{http.StatusProcessing, nil, true},
		{http.StatusEarlyHints, nil, false},
		{http.StatusEarlyHints, func(*http.Request) bool { return true }, true},
		{http.StatusEarlyHints, func(*http.Request) bool { return false }, false},
	}
	for _, test := range tests {
		for _, way := range waysPast {
			s := newProxy(t, composer.Options{EarlyHints: test.takes}, informing(t, fmt.Sprintf("HTTP/1.1 %d x", test.status), "X: y"))
			var informed atomic.Int32
			trace := &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error { informed.Add(1); return nil }}
			if a := s.doTraced(t, way, trace); a.status != http.StatusOK || (informed.Load() == 1) != test.reaches {
				t.Errorf("%s: a visitor is informed %d times before %d; want %v", way, informed.Load(), a.status, test.reaches)
			}
		}
	}
}

// TestInformationalResponsesAreBounded has an origin say them again and again:
// the bound is the same whichever way a request goes.
func TestInformationalResponsesAreBounded(t *testing.T) {
	const informs = "HTTP/1.1 102 Processing\r\n\r\n"
	for count, want := range map[int]int{6: http.StatusOK, 100: http.StatusOK, 101: http.StatusBadGateway} {
		s := newProxy(t, composer.Options{}, informing(t, strings.TrimSuffix(strings.Repeat(informs, count), "\r\n\r\n"), "X: y"))
		for _, way := range waysPast {
			if got := s.ask(t, way).status; got != want {
				t.Errorf("%s after %d informational responses is answered with %d; want %d", way, count, got, want)
			}
		}
	}
}

// rawAnswer sends the lines of a request on a connection of their own, and
// returns all that comes until its end.
func rawAnswer(t *testing.T, server *httptest.Server, lines string) string {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = io.WriteString(c, strings.ReplaceAll(strings.ReplaceAll(lines, "||", "|"), "|", "\r\n")+"\r\nConnection: close\r\n\r\n")
	all, err := io.ReadAll(c)
	if err != nil {
		t.Error(err)
	}
	return string(all)
}
