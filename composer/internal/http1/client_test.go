package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// rawServer serves each of its connections with a function, which is told how
// many there were before it. It returns the address.
func rawServer(t *testing.T, serve func(n int, c net.Conn, requests *bufio.Reader)) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	serving.Go(func() {
		for n := 0; ; n++ {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			serving.Go(func() {
				defer func() { _ = c.Close() }()
				serve(n, c, bufio.NewReader(c))
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		mu.Lock()
		for _, c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		serving.Wait()
	})
	return "http://" + listener.Addr().String()
}

// eachAnswer is a connection on which each request has the same answer, after
// which it is closed if the answer is one that ends with it.
func eachAnswer(answer string, closes bool) func(int, net.Conn, *bufio.Reader) {
	return func(_ int, c net.Conn, requests *bufio.Reader) {
		for {
			if _, err := http.ReadRequest(requests); err != nil {
				return
			}
			if _, err := io.WriteString(c, answer); err != nil || closes {
				return
			}
		}
	}
}

// testClient is a client of which the dialed connections are counted.
func testClient(t *testing.T) (*Client, *atomic.Int32) {
	t.Helper()
	dials := new(atomic.Int32)
	c := New(func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}, time.Minute, 256)
	t.Cleanup(c.CloseIdleConnections)
	return c, dials
}

func getting(ctx context.Context, t testing.TB, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// body asks for a URL and reads the whole answer.
func body(c *Client, r *http.Request) (string, error) {
	res, err := c.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	return string(b), err
}

// errAny stands for an error that is not known by a name.
var errAny = errors.New("any error")

func TestAConnectionIsUsedAgain(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	tests := []struct {
		name, answer string
		closes       bool // the server does, after the answer
		early        bool // the client closes the body without reading all of it
		want         string
		again        bool
		wantErr      error
	}{
		{"after a body of a given length", ok + "Content-Length: 5\r\n\r\nhello", false, false, "hello", true, nil},
		{"after one in chunks", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", false, false, "hello", true, nil},
		{"and with trailers", ok + "Transfer-Encoding: chunked\r\nTrailer: A\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n", false, false, "hello", true, nil},
		{"after an empty one", ok + "Content-Length: 0\r\n\r\n", false, false, "", true, nil},
		{"even if that is closed early", ok + "Content-Length: 0\r\n\r\n", false, true, "", true, nil},
		{"after a status without one", "HTTP/1.1 204 No Content\r\n\r\n", false, false, "", true, nil},
		{"after a 304, whatever its length says", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false, false, "", true, nil},
		{"after informational responses", "HTTP/1.1 103 Early Hints\r\n\r\n" + ok + "Content-Length: 5\r\n\r\nhello", false, false, "hello", true, nil},
		{"not if the server says so", ok + "Connection: close\r\nContent-Length: 5\r\n\r\nhello", false, false, "hello", false, nil},
		{"not by HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, false, "hello", false, nil},
		{"not even if that keeps it alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", false, false, "hello", false, nil},
		{"not by what is no HTTP/1", "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, false, "hello", false, nil},
		{"not after a body that ends with it", ok + "\r\nhello", true, false, "hello", false, nil},
		{"not after one that is closed early", ok + "Content-Length: 5\r\n\r\nhello", false, true, "", false, nil},
		{"nor in chunks", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", false, true, "", false, nil},
		{"not after one that is too short", ok + "Content-Length: 6\r\n\r\nhello", true, false, "hello", false, io.ErrUnexpectedEOF},
		{"nor if its last chunk is missing", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true, false, "hello", false, io.ErrUnexpectedEOF},
		{"nor if one of them is broken", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", false, false, "hello", false, errAny},
		{"not if more comes than the length says", ok + "Content-Length: 5\r\n\r\nhello!", false, false, "hello", false, nil},
		{"not if more comes after the last chunk", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP", false, false, "hello", false, nil},
		{"not if another answer follows", strings.Repeat(ok+"Content-Length: 5\r\n\r\nhello", 2), false, false, "hello", false, nil},
		{"not if a status without a body has one", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", false, false, "", false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, dials := testClient(t)
			url := rawServer(t, eachAnswer(test.answer, test.closes))
			for range 2 {
				if test.early {
					res, err := c.RoundTrip(getting(t.Context(), t, url))
					if err != nil {
						t.Fatal(err)
					}
					_ = res.Body.Close()
					if _, err := res.Body.Read(make([]byte, 1)); err == nil {
						t.Error("the body can be read after it was closed")
					}
					continue
				}
				if got, err := body(c, getting(t.Context(), t, url)); got != test.want || !errors.Is(err, test.wantErr) && (test.wantErr != errAny || err == nil) { //nolint:errorlint // it is never wrapped
					t.Errorf("GET = %q, %v; want %q, %v", got, err, test.want, test.wantErr)
				}
			}
			if again := dials.Load() == 1; again != test.again {
				t.Errorf("two requests make %d connections; want it used again: %t", dials.Load(), test.again)
			}
		})
	}
}

func TestARequestIsRepeatedOnceIfItsConnectionWasIdle(t *testing.T) {
	const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	tests := []struct {
		name, second string // what the kept connection answers to its second request
		fresh        string // what all others answer to their first
		want         string
		wantErr      error
		requests     int32 // in all
	}{
		{"if the connection was closed", "", hello, "hello", nil, 3},
		{"but not twice", "", "", "", io.EOF, 3},
		{"not after half an answer", "HTTP/1.1 200 OK\r\nContent-", hello, "", nil, 2},
		{"not after a wrong one", "SSH-2.0-OpenSSH\r\n", hello, "", nil, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var requests atomic.Int32
			c, _ := testClient(t)
			url := rawServer(t, func(n int, socket net.Conn, in *bufio.Reader) {
				answers := []string{hello, test.second}
				if n > 0 {
					answers = []string{test.fresh}
				}
				for _, answer := range answers {
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					requests.Add(1)
					_, _ = io.WriteString(socket, answer)
				}
			})
			if got, err := body(c, getting(t.Context(), t, url)); got != "hello" || err != nil {
				t.Fatalf("the first GET = %q, %v", got, err)
			}
			got, err := body(c, getting(t.Context(), t, url))
			if got != test.want || (err == nil) != (test.want != "") || test.wantErr != nil && !errors.Is(err, test.wantErr) {
				t.Errorf("the second GET = %q, %v; want %q, %v", got, err, test.want, test.wantErr)
			}
			if requests.Load() != test.requests {
				t.Errorf("%d requests were sent; want %d", requests.Load(), test.requests)
			}
		})
	}
}

// resetting is a socket whose end is a reset.
type resetting struct{ net.Conn }

func (r resetting) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	if err == io.EOF { //nolint:errorlint // a pipe returns it as it is
		err = syscall.ECONNRESET
	}
	return n, err
}

func TestARequestIsNotRepeatedIfItsAnswerHasBegun(t *testing.T) {
	for _, answer := range []string{"", "HTTP/1.1 200 OK\r\nA: b\r\n"} {
		c, dials := testClient(t)
		url := rawServer(t, eachAnswer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false))
		ours, theirs := net.Pipe()
		go func() {
			_, _ = http.ReadRequest(bufio.NewReader(theirs))
			_, _ = io.WriteString(theirs, answer)
			_ = theirs.Close()
		}()
		kept := newConn(resetting{ours}, serverName{host: strings.TrimPrefix(url, "http://")}, c.pool)
		kept.isSilent = func() bool { return true }
		kept.finish(true)
		_, err := body(c, getting(t.Context(), t, url))
		if begun := answer != ""; errors.Is(err, syscall.ECONNRESET) != begun || (dials.Load() == 0) != begun {
			t.Errorf("after %q and a reset, GET = %v and %d connections are made", answer, err, dials.Load())
		}
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	hint := "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
	tests := []struct {
		name, answer string
		want         error // nil: any
	}{
		{"nothing", "", io.EOF},
		{"half a status", "HTTP/1.", nil},
		{"half a header", "HTTP/1.1 200 OK\r\nContent-Le", nil},
		{"a header without its end", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", io.ErrUnexpectedEOF},
		{"another protocol", "220 mail.example ESMTP\r\n", nil},
		{"a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello", nil},
		{"two lengths that differ", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", nil},
		{"a coding of the transfer that is not known", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", nil},
		{"a field with a space before its colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello", errFieldName},
		{"a header that is too large", "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("a", maxHeader) + "\r\n\r\n", errHeaderTooLarge},
		{"one of too many fields", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: a\r\n", maxHeader/6) + "\r\n", nil},
		{"one that has no end", strings.Repeat("a", 2*maxHeader), errHeaderTooLarge},
		{"too many informational responses", strings.Repeat(hint, MaxInformational+1) + hello, ErrInformational},
		{"another protocol, which was not asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", errProtocolSwitch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, dials := testClient(t)
			url := rawServer(t, eachAnswer(test.answer, true))
			for range 2 {
				res, err := c.RoundTrip(getting(t.Context(), t, url))
				if err == nil {
					_ = res.Body.Close()
				}
				if err == nil || test.want != nil && !errors.Is(err, test.want) {
					t.Errorf("GET = %v; want the error %v", err, test.want)
				}
			}
			if dials.Load() != 2 {
				t.Errorf("two requests make %d connections; want 2", dials.Load())
			}
		})
	}
}

func TestInformationalResponsesAreHandedOn(t *testing.T) {
	c, _ := testClient(t)
	url := rawServer(t, eachAnswer(strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", MaxInformational)+
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false))
	refuses := errors.New("enough")
	for _, err := range []error{nil, refuses} {
		seen := 0
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(status int, h textproto.MIMEHeader) error {
			if status == http.StatusEarlyHints && h.Get("Link") == "</a.css>" {
				seen++
			}
			return err
		}})
		got, gotErr := body(c, getting(ctx, t, url))
		if !errors.Is(gotErr, err) {
			t.Errorf("GET = %q, %v; want %v", got, gotErr, err)
		}
		if want := map[bool]int{true: MaxInformational, false: 1}[err == nil]; seen != want {
			t.Errorf("%d informational responses are handed on; want %d", seen, want)
		}
	}
}

func TestManyRequestsGetTheirOwnAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Query().Get("size"))
		if size%3 == 0 {
			w.(http.Flusher).Flush() // in chunks
		}
		_, _ = io.WriteString(w, r.URL.Path+strings.Repeat("x", size))
	}))
	defer server.Close()
	c, _ := testClient(t)
	var asking sync.WaitGroup
	for i := range 200 {
		asking.Go(func() {
			for j := range 20 {
				path, size := "/"+strconv.Itoa(i)+"/"+strconv.Itoa(j), i*97%9000
				ctx, cancel := context.WithCancel(t.Context())
				if (i+j)%7 == 0 {
					go cancel() // at any moment
				}
				got, err := body(c, getting(ctx, t, server.URL+path+"?size="+strconv.Itoa(size)))
				if err == nil && got != path+strings.Repeat("x", size) || err != nil && ctx.Err() == nil {
					t.Errorf("GET %s = %.20q of %d bytes, %v", path, got, len(got), err)
				}
				cancel()
			}
		})
	}
	asking.Wait()
}

func TestNoProxyIsTakenFromTheEnvironment(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://proxy.example:3128")
	var dialed string
	client := New(func(_ context.Context, _, address string) (net.Conn, error) {
		dialed = address
		return nil, io.ErrClosedPipe
	}, time.Minute, 4)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://shop.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.RoundTrip(r); !errors.Is(err, io.ErrClosedPipe) || dialed != "shop.example:80" {
		t.Errorf("it dials %q, %v; want shop.example:80, because a proxy would pass by the check of addresses", dialed, err)
	}
}
