package composer_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer"
)

// waiting is a client that has sent the header of a request, and waits with its
// body until it is told to go on.
type waiting struct {
	net.Conn
	reader *bufio.Reader
}

// expecting sends the lines of a request that waits for 100 Continue with its
// body.
func expecting(t *testing.T, server *httptest.Server, lines string) *waiting {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	header := lines + "|Host: shop.example|Expect: 100-continue|Content-Length: 4||"
	if _, err := io.WriteString(c, strings.ReplaceAll(header, "|", "\r\n")); err != nil {
		t.Fatal(err)
	}
	return &waiting{c, bufio.NewReader(c)}
}

// next returns the status of the next response, which is the last if it is no
// informational one, and its body.
func (c *waiting) next(t *testing.T) (status int, body string) {
	t.Helper()
	res, err := http.ReadResponse(c.reader, &http.Request{Method: http.MethodPost})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return res.StatusCode, string(read)
}

// actions are the ways of a body to who takes it: POST /api/x is answered by a
// handler.
var actions = []struct {
	name string
	open func(t *testing.T, h http.HandlerFunc) *httptest.Server
}{
	{"to an origin", func(t *testing.T, h http.HandlerFunc) *httptest.Server {
		return newProxy(t, composer.Options{}, h).server
	}},
	{"to a fragment of this process", func(t *testing.T, h http.HandlerFunc) *httptest.Server {
		return newSite(t, composer.Options{}, fragments{"api": h}, nil).server
	}},
	{"to a fragment of another process", func(t *testing.T, h http.HandlerFunc) *httptest.Server {
		return newSite(t, composer.Options{}, nil, map[string]composer.Source{"api": {URL: remote(t, h)}}).server
	}},
}

// TestAnUploadThatIsRefusedIsNotAskedFor is RFC 9110 §10.1.1: the answer is there
// before the body, which is never sent.
func TestAnUploadThatIsRefusedIsNotAskedFor(t *testing.T) {
	for _, way := range actions {
		t.Run(way.name, func(t *testing.T) {
			server := way.open(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Expect") != "100-continue" {
					t.Errorf("it is asked with Expect: %q; want 100-continue", r.Header["Expect"])
				}
				w.WriteHeader(http.StatusRequestEntityTooLarge)
				_, _ = io.WriteString(w, "too large")
			})
			if got, body := expecting(t, server, "POST /api/x HTTP/1.1").next(t); got != http.StatusRequestEntityTooLarge || body != "too large" {
				t.Errorf("the first response is %d %q; want 413, without the body", got, body)
			}
		})
	}
}

// TestAnUploadIsAskedForOnceItIsWanted sends the body after 100 Continue.
func TestAnUploadIsAskedForOnceItIsWanted(t *testing.T) {
	for _, way := range actions {
		t.Run(way.name, func(t *testing.T) {
			asked, wants := make(chan struct{}), make(chan struct{})
			server := way.open(t, func(w http.ResponseWriter, r *http.Request) {
				close(asked)
				<-wants
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				_, _ = w.Write(body)
			})
			c := expecting(t, server, "POST /api/x HTTP/1.1")
			<-asked // by the header alone
			close(wants)
			if got, _ := c.next(t); got != http.StatusContinue {
				t.Fatalf("the first response is %d; want 100", got)
			}
			_, _ = io.WriteString(c, "body")
			if got, body := c.next(t); got != http.StatusOK || body != "body" {
				t.Errorf("the second response is %d %q; want 200 and the body", got, body)
			}
		})
	}
}

// TestAnOriginThatKnowsNoExpectationGetsTheBody waits as long as clients do.
func TestAnOriginThatKnowsNoExpectationGetsTheBody(t *testing.T) {
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		c, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = c.Close() }()
		body := make([]byte, 4)
		_, _ = io.ReadFull(buffered, body)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"+string(body))
	})
	c := expecting(t, s.server, "POST /x HTTP/1.1")
	if got, _ := c.next(t); got != http.StatusContinue {
		t.Fatalf("the first response is %d; want 100", got)
	}
	_, _ = io.WriteString(c, "body")
	if got, body := c.next(t); got != http.StatusOK || body != "body" {
		t.Errorf("the second response is %d %q; want 200 and the body", got, body)
	}
}

// TestOtherInformationalResponsesStandBesideContinue has an origin say 102 before
// it asks for the body, and after.
func TestOtherInformationalResponsesStandBesideContinue(t *testing.T) {
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusProcessing)
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusProcessing)
		_, _ = w.Write(body)
	})
	c := expecting(t, s.server, "POST /x HTTP/1.1")
	for i, want := range []int{http.StatusProcessing, http.StatusContinue, http.StatusProcessing, http.StatusOK} {
		got, _ := c.next(t)
		if got != want {
			t.Fatalf("response %d is %d; want %d", i+1, got, want)
		}
		if got == http.StatusContinue {
			_, _ = io.WriteString(c, "body")
		}
	}
}

// TestHTTP10ExpectsNothing is RFC 9110 §10.1.1, and so is that nothing is
// expected without a body.
func TestHTTP10ExpectsNothing(t *testing.T) {
	for _, way := range actions {
		for _, request := range []string{
			"POST /api/x HTTP/1.0|Expect: 100-continue|Content-Length: 4||body",
			"POST /api/x HTTP/1.1|Expect: 100-continue|Content-Length: 0|Connection: close",
			"GET /api/x HTTP/1.1|Expect: 100-continue|Connection: close",
		} {
			server := way.open(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				_, _ = io.WriteString(w, r.Header.Get("Expect")+string(body))
			})
			s := &site{server: server}
			want := map[bool]string{true: "body", false: ""}[strings.HasSuffix(request, "body")]
			if a := s.onTheWire(t, request); a.status != http.StatusOK || a.body != want {
				t.Errorf("%s: %s is answered with %d %q; want 200 and %q", way.name, request, a.status, a.body, want)
			}
		}
	}
}
