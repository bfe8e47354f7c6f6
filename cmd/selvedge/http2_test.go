package main

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// overHTTP2 runs a test over HTTP/2 with TLS, and without TLS by prior knowledge.
func overHTTP2(t *testing.T, start func(t *testing.T, args ...string) *testShop, test func(t *testing.T, s *testShop)) {
	t.Helper()
	t.Run("with TLS", func(t *testing.T) {
		p := newPair(t)
		test(t, start(t, p.flags()...).speaks(p, http2))
	})
	t.Run("without TLS", func(t *testing.T) { test(t, start(t).speaks(nil, h2c)) })
}

// TestLivePagesOverHTTP2 has an event stream and polls beside other requests on a connection.
func TestLivePagesOverHTTP2(t *testing.T) {
	start := func(t *testing.T, args ...string) *testShop {
		return startShop(t, append(args, "--admin-token", adminToken)...)
	}
	overHTTP2(t, start, func(t *testing.T, s *testShop) {
		live := s.liveURL("/products/1")
		if got := s.do(http.MethodGet, live, ""); got.StatusCode != http.StatusNotModified || got.ProtoMajor != 2 {
			t.Fatalf("a poll = %d by %s; want 304 by HTTP/2.0", got.StatusCode, got.Proto)
		}
		page := s.stream(t, live)
		s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
		page.await("#cart-mini[hx-swap-oob]", "Cart, 2 pieces")
		s.setStock(1, 2)
		page.await("#stock-1[hx-swap-oob] .stock", "Only 2 left")
		if got := s.do(http.MethodGet, live, ""); got.StatusCode != http.StatusOK || !strings.Contains(got.body, "Only 2 left") {
			t.Errorf("a poll = %d %s; want the stock", got.StatusCode, got.body)
		}
	})
}

// TestManyPagesOnAConnectionAreWhole asks for large documents at a time, whose frames take
// turns.
func TestManyPagesOnAConnectionAreWhole(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 8<<10)
	origin := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, large) }
	start := func(t *testing.T, args ...string) *testShop { return startProxy(t, origin, append(args, "--quiet")...) }
	overHTTP2(t, start, func(t *testing.T, s *testShop) {
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				res, err := s.client.Get(s.url + "/large")
				if err != nil {
					t.Error(err)
					return
				}
				defer func() { _ = res.Body.Close() }()
				if body, err := io.ReadAll(res.Body); err != nil || string(body) != large || res.ProtoMajor != 2 {
					t.Errorf("%d bytes by %s, %v; want %d by HTTP/2.0", len(body), res.Proto, err, len(large))
				}
			})
		}
		all.Wait()
	})
}

func TestEarlyHintsAreSentOverHTTP2(t *testing.T) {
	start := func(t *testing.T, args ...string) *testShop { return startProxy(t, hintingOrigin, args...) }
	overHTTP2(t, start, func(t *testing.T, s *testShop) {
		for _, path := range []string{"/own", "/page"} {
			s.page(path) // the links of a page are known from its last time
			var hints atomic.Int32
			trace := &httptrace.ClientTrace{Got1xxResponse: func(status int, h textproto.MIMEHeader) error {
				if status == http.StatusEarlyHints && h.Get("Link") != "" {
					hints.Add(1)
				}
				return nil
			}}
			r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, s.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := s.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK || hints.Load() != 1 {
				t.Errorf("%s has %d early hints before %d; want 1 before 200", path, hints.Load(), res.StatusCode)
			}
		}
	})
}

// TestAServerWithHTTP2Stops has an event stream and an idle connection as the server stops.
func TestAServerWithHTTP2Stops(t *testing.T) {
	var process *os.Process
	start := func(t *testing.T, args ...string) *testShop {
		s, started := startProcess(t, append([]string{"serve", "--data", t.TempDir(), "--shutdown-timeout", "1m"}, args...)...)
		process = started
		return s
	}
	overHTTP2(t, start, func(t *testing.T, s *testShop) {
		page := s.stream(t, s.liveURL("/products/1"))
		if err := process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		for page.events.Scan() { //nolint:revive // until the stream ends
		}
		if state, err := process.Wait(); err != nil || state.ExitCode() != 0 {
			t.Errorf("the process ended with %v, %v; want 0\n%s", state, err, s.log)
		}
		if log := s.log.String(); strings.Contains(log, "were cut off") || !strings.Contains(log, "protocol=HTTP/2.0") {
			t.Errorf("the log has\n%s\nwant requests by HTTP/2, and none that was cut off", log)
		}
	})
}

// TestAnOfferOfHTTP2IsNotTaken offers an upgrade, which RFC 9113 has removed.
func TestAnOfferOfHTTP2IsNotTaken(t *testing.T) {
	s := startShop(t)
	got := s.send("GET /healthz HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
	if got.StatusCode != http.StatusOK || got.body != "ok\n" {
		t.Errorf("answer = %d %q; want 200 by HTTP/1.1", got.StatusCode, got.body)
	}
}
