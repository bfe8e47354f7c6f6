package breaker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer/internal/http1"
)

var errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

func get(ctx context.Context) *http.Request {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://cart.example/mini", http.NoBody)
	if err != nil {
		panic(err)
	}
	return r
}

func TestRetriesAreATenthOfTheRequests(t *testing.T) {
	tests := []struct {
		name      string
		perSecond int
		want      int // retries in ten seconds
	}{
		{"a busy source", 1000, 1000},
		{"some requests", 35, 30},
		{"few requests", 5, 10},
		{"a request now and then", 1, 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var b retryBudget
				retries := 0
				for range 10 * test.perSecond { // each of them fails
					b.countRequest(time.Now())
					if b.allowRetry(t.Context()) {
						retries++
					}
					time.Sleep(time.Second / time.Duration(test.perSecond))
				}
				if retries != test.want {
					t.Errorf("%d requests in 10 s that all failed had %d retries; want %d", 10*test.perSecond, retries, test.want)
				}
			})
		})
	}
}

func TestADeadSourceIsAskedNoMoreBecauseOfRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := protect(128)
		requests, retries := 0, 0
		for range 10_000 {
			if passage, err := p.Acquire(t.Context(), someRequest); err == nil {
				requests++
				if passage.Retry(get(t.Context()), errRefused) {
					retries++
				}
				passage.recordIncomplete(t.Context(), errLost)
				passage.Release()
			}
			time.Sleep(10 * time.Millisecond)
		}
		if most := max(1, requests/10); requests < 50 || retries > most {
			t.Errorf("%d requests had %d retries; want some requests, and %d retries at most", requests, retries, most)
		}
	})
}

func TestWhichRequestsAreSentOnceMore(t *testing.T) {
	with := func(change func(*http.Request)) func(context.Context) *http.Request {
		return func(ctx context.Context) *http.Request {
			r := get(ctx)
			change(r)
			return r
		}
	}
	ending := func(after time.Duration) func(context.Context) *http.Request {
		return func(ctx context.Context) *http.Request {
			ctx, cancel := context.WithTimeout(ctx, after)
			context.AfterFunc(ctx, cancel)
			return get(ctx)
		}
	}
	tests := []struct {
		name    string
		request func(context.Context) *http.Request
		err     error
		want    bool
	}{
		{"a GET that was refused", get, errRefused, true},
		{"a GET whose connection was reset", get, &net.OpError{Op: "read", Err: syscall.ECONNRESET}, true},
		{"a GET that could not be written", get, &net.OpError{Op: "write", Err: syscall.EPIPE}, true},
		{"a GET whose connection was closed", get, fmt.Errorf("transport: %w", io.EOF), true},
		{"a HEAD", with(func(r *http.Request) { r.Method = "HEAD" }), errRefused, true},
		{"no body at all", with(func(r *http.Request) { r.Body = nil }), errRefused, true},
		{"a GET with a body", with(func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("x")) }), errRefused, false},
		{"a POST", with(func(r *http.Request) { r.Method = "POST" }), errRefused, false},
		{"a DELETE, which may find nothing the second time", with(func(r *http.Request) { r.Method = "DELETE" }), errRefused, false},
		{"an answer that broke off", get, io.ErrUnexpectedEOF, false},
		{"an answer that is none", get, errors.New("malformed HTTP response"), false},
		{"a timeout", get, context.DeadlineExceeded, false},
		{"enough time left", ending(maxPause + time.Millisecond), errRefused, true},
		{"too little time left", ending(maxPause), errRefused, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := protect(1)
				for range 100 {
					p.retries.countRequest(time.Now())
				}
				passage, err := p.Acquire(t.Context(), someRequest)
				if err != nil {
					t.Fatal(err)
				}
				r, began := test.request(t.Context()), time.Now()
				if got := passage.Retry(r, test.err); got != test.want {
					t.Errorf("retry(%v) = %v; want %v", test.err, got, test.want)
				}
				if took := time.Since(began); took > maxPause || !test.want && took > 0 {
					t.Errorf("retry took %v; want a pause of %v at most, and none for nothing", took, maxPause)
				}
				if passage.Retry(r, test.err) {
					t.Error("it is sent a third time")
				}
			})
		})
	}
}

func TestNobodyWhoLeavesIsRetriedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		passage, err := protect(1).Acquire(ctx, someRequest)
		if err != nil {
			t.Fatal(err)
		}
		if cancel(); passage.Retry(get(ctx), errRefused) {
			t.Error("a request of a visitor who left is sent once more")
		}
		if pause(ctx) {
			t.Error("a pause of a visitor who left ends well")
		}
		if !passage.Retry(get(t.Context()), errRefused) {
			t.Error("the one who left has used up the retry of this second")
		}
	})
}

func TestRetriesDoNotComeBackTogether(t *testing.T) {
	const visitors = 100
	synctest.Test(t, func(t *testing.T) {
		p, began := protect(visitors), time.Now()
		for range visitors * retryShare {
			p.retries.countRequest(began)
		}
		pauses := make(chan time.Duration, visitors)
		for range visitors {
			go func() {
				passage, err := p.Acquire(t.Context(), someRequest)
				if err != nil || !passage.Retry(get(t.Context()), errRefused) {
					t.Errorf("a request is not sent once more: enter = %v", err)
				}
				pauses <- time.Since(began)
			}()
		}
		different := make(map[time.Duration]bool)
		for range visitors {
			different[<-pauses/time.Millisecond] = true
		}
		if len(different) < 5 {
			t.Errorf("%d retries come back in %d of 20 milliseconds; want them spread", visitors, len(different))
		}
	})
}

func TestAProbeIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := protect(128)
		p.kill(t)
		time.Sleep(probeInterval)
		probe, err := p.Acquire(t.Context(), someRequest)
		if err != nil {
			t.Fatal(err)
		}
		defer probe.Release()
		if probe.Retry(get(t.Context()), errRefused) {
			t.Error("a probe is sent once more")
		}
	})
}

// TestErrorsOfConnections holds what is taken for a lost connection against
// what http.Transport says of real ones.
func TestErrorsOfConnections(t *testing.T) {
	tests := []struct {
		name  string
		serve func(net.Conn)
		want  bool
	}{
		{"nobody listens", nil, true},
		{"closed after the request", func(c net.Conn) { readRequest(c) }, true},
		{"reset after the request", func(c net.Conn) {
			readRequest(c)
			_ = c.(*net.TCPConn).SetLinger(0)
		}, true},
		{"half a header", func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Le")
		}, false},
		{"no HTTP", func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "220 ready\r\n")
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			if test.serve == nil {
				_ = l.Close()
			} else {
				defer func() { _ = l.Close() }()
				go func() {
					if c, err := l.Accept(); err == nil {
						test.serve(c)
						_ = c.Close()
					}
				}()
			}
			transport := &http.Transport{DisableKeepAlives: true}
			r := get(t.Context())
			r.URL.Host = l.Addr().String()
			res, err := transport.RoundTrip(r)
			if err == nil {
				_ = res.Body.Close()
				t.Fatalf("RoundTrip answered %d; want an error", res.StatusCode)
			}
			if got := http1.IsUnanswered(err); got != test.want {
				t.Errorf("unanswered(%v) = %v; want %v", err, got, test.want)
			}
		})
	}
}

// readRequest reads the header of a request.
func readRequest(c net.Conn) {
	for b, one := []byte{}, make([]byte, 1); !strings.HasSuffix(string(b), "\r\n\r\n"); b = append(b, one...) {
		if _, err := c.Read(one); err != nil {
			return
		}
	}
}
