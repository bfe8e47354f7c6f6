package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var errLeft = errors.New("the visitor has left")

// piped is a client whose connections are pipes, which hold nothing: who writes
// waits for who reads.
func piped(serve func(ctx context.Context, server net.Conn)) *Client {
	return New(func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer func() { _ = theirs.Close() }()
			serve(ctx, theirs)
		}()
		return ours, nil
	}, time.Minute, 4)
}

func TestAContextEndsARequest(t *testing.T) {
	tests := []struct {
		name  string
		serve func(leave func(), c net.Conn)
		dial  func(leave func(), ctx context.Context) error // nil: it connects
		early bool                                          // it has ended before
	}{
		{name: "before it", early: true, serve: func(func(), net.Conn) {}},
		{name: "while it dials", dial: func(leave func(), ctx context.Context) error {
			leave()
			<-ctx.Done()
			return ctx.Err()
		}},
		{name: "when it has dialed", serve: func(_ func(), c net.Conn) { _, _ = io.ReadAll(c) }, dial: func(leave func(), _ context.Context) error {
			leave()
			return nil
		}},
		{name: "while it writes", serve: func(leave func(), c net.Conn) {
			_, _ = c.Read(make([]byte, 1)) // and no more of it
			leave()
		}},
		{name: "while it waits for the header", serve: func(leave func(), c net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(c))
			leave()
			_, _ = io.ReadAll(c)
		}},
		{name: "in the header", serve: func(leave func(), c net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-")
			leave()
			_, _ = io.ReadAll(c)
		}},
		{name: "in the body", serve: func(leave func(), c net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
			leave()
			_, _ = io.ReadAll(c)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			leave := func() { cancel(errLeft) }
			if test.early {
				leave()
			}
			closed := make(chan struct{})
			c := New(func(ctx context.Context, _, _ string) (net.Conn, error) {
				if test.early {
					t.Error("a connection is made")
				}
				if test.dial != nil {
					if err := test.dial(leave, ctx); err != nil {
						return nil, err
					}
				}
				ours, theirs := net.Pipe()
				go func() {
					defer close(closed)
					test.serve(leave, theirs)
					_, _ = io.Copy(io.Discard, theirs)
				}()
				return ours, nil
			}, time.Minute, 4)
			_, err := body(c, getting(ctx, t, "http://shop.example/"))
			if !errors.Is(err, errLeft) {
				t.Errorf("GET = %v; want %v", err, errLeft)
			}
			if test.serve != nil && !test.early {
				<-closed // the connection was
			}
		})
	}
}

func TestPatienceEnds(t *testing.T) {
	const beginning = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
	tests := []struct {
		name  string
		serve func(c net.Conn)
		want  error
	}{
		{"before a header", func(c net.Conn) { _, _ = io.ReadAll(c) }, context.DeadlineExceeded},
		{"in a header", func(c net.Conn) {
			for _, letter := range beginning {
				time.Sleep(time.Second)
				if _, err := io.WriteString(c, string(letter)); err != nil {
					return
				}
			}
		}, context.DeadlineExceeded},
		{"but not in a body", func(c net.Conn) {
			_, _ = io.WriteString(c, beginning)
			time.Sleep(time.Hour)
			_, _ = io.WriteString(c, "hello")
		}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := piped(func(_ context.Context, server net.Conn) {
					_, _ = http.ReadRequest(bufio.NewReader(server))
					test.serve(server)
				}).WithHeaderTimeout(10 * time.Second)
				began := time.Now()
				_, err := body(c, getting(t.Context(), t, "http://shop.example/"))
				if !errors.Is(err, test.want) {
					t.Errorf("GET = %v; want %v", err, test.want)
				}
				if waited := time.Since(began); err != nil && waited != 10*time.Second {
					t.Errorf("it waited for %s; want 10 s", waited)
				}
				time.Sleep(time.Minute) // until the server has noticed
			})
		})
	}
}

func TestAnAnswerEndsItsWaitingForTheContext(t *testing.T) {
	c, dials := testClient(t)
	url := rawServer(t, eachAnswer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false))
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		if got, err := body(c, getting(ctx, t, url)); got != "hello" || err != nil {
			t.Errorf("GET = %q, %v; want hello", got, err)
		}
		cancel() // which the next request on the connection must not notice
	}
	if dials.Load() != 1 {
		t.Errorf("three requests make %d connections; want 1", dials.Load())
	}
}

func TestABodyMayBeClosedWhileItIsRead(t *testing.T) {
	c, _ := testClient(t)
	sent := make(chan struct{})
	url := rawServer(t, func(_ int, socket net.Conn, requests *bufio.Reader) {
		_, _ = http.ReadRequest(requests)
		_, _ = io.WriteString(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
		close(sent)
		_, _ = io.Copy(io.Discard, requests)
	})
	res, err := c.RoundTrip(getting(t.Context(), t, url))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-sent
		_ = res.Body.Close()
	}()
	if got, err := io.ReadAll(res.Body); err == nil || !strings.HasPrefix("hello", string(got)) {
		t.Errorf("the body is %q, %v; want an error", got, err)
	}
}
