package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// logLine waits for a line of the log that has all the given texts.
func (s *testShop) logLine(texts ...string) string {
	s.t.Helper()
	found := ""
	eventually(s.t, "a line of the log has "+strings.Join(texts, " and "), func() bool {
		found = s.findLine(texts...)
		return found != ""
	})
	return found
}

// findLine returns the first line of the log that has all the given texts, empty
// if there is none yet.
func (s *testShop) findLine(texts ...string) string {
	for line := range strings.Lines(s.log.String()) {
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) }) {
			return line
		}
	}
	return ""
}

const (
	traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	traceID     = "4bf92f3577b34da6a3ce929d0e0e4736"
)

func TestTheLogOfARequest(t *testing.T) {
	ask := func(s *testShop) {
		s.do(http.MethodGet, "/products?q=wool&stock=1", "", "Accept", acceptPage, "User-Agent", "A test", "Traceparent", traceParent,
			"X-Request-Id", "abc-1", "X-Forwarded-For", "203.0.113.9")
	}
	trusting, other := startShop(t, "--trusted-proxy", "127.0.0.1"), startShop(t, "--log-query")
	ask(trusting)
	line := trusting.logLine("msg=request", "path=/products ")
	for _, want := range []string{"id=abc-1", "method=GET", "host=127.0.0.1:", "query=?q&stock ", "protocol=HTTP/1.1", "status=200", "bytes=", "duration_seconds=0.",
		"first_byte_seconds=0.", "address=203.0.113.9", `agent="A test"`, "cache=uri-miss", "trace=" + traceID} {
		if !strings.Contains(line, want) {
			t.Errorf("the log of a request is %q; want %s", line, want)
		}
	}
	ask(trusting)
	trusting.logLine("msg=request", "path=/products ", "cache=hit")
	if log := trusting.log.String(); strings.Contains(log, "wool") {
		t.Errorf("the log has what a visitor looks for:\n%s", log)
	}

	ask(other)
	line = other.logLine("msg=request", "path=/products ", `query="?q=wool&stock=1"`)
	if strings.Contains(line, "abc-1") || strings.Contains(line, "203.0.113.9") {
		t.Errorf("the log believes a visitor:\n%s", line)
	}
}

func TestALogNamesTheProgramAndItsSettings(t *testing.T) {
	line := startShop(t, "--admin-token", adminToken, "--live-views", "17").logLine("msg=starting")
	for _, want := range []string{"settings.command=serve", "version=", "go=go1.", "address=127.0.0.1:", "settings.live-views=17", "settings.data=:memory:", "settings.admin-token=true"} {
		if !strings.Contains(line, want) {
			t.Errorf("the log begins with %q; want %s", line, want)
		}
	}
	if strings.Contains(line, adminToken) {
		t.Errorf("the log begins with the admin token: %q", line)
	}
}

// idIn returns the request id in a line of the log.
func idIn(line string) string {
	_, rest, _ := strings.Cut(line, " id=")
	id, _, _ := strings.Cut(rest, " ")
	return id
}

func TestTheLogOfLiveConnections(t *testing.T) {
	s := startShop(t)
	ws := s.dial(t, "/products")
	answered(t, ws)
	if err := ws.Close(websocket.StatusGoingAway, "left"); err != nil {
		t.Fatal(err)
	}
	s.logLine(`msg="live connection ended"`, "transport=websocket", "code=1001", "reason=left", "address=127.0.0.1",
		"id="+idIn(s.logLine("msg=request", "path=/live", "status=101"))+" ", "duration_seconds=")

	if got := s.do(http.MethodGet, "/live?page=forged", "", "Accept", "text/event-stream"); got.StatusCode != http.StatusForbidden {
		t.Errorf("a forged token is answered %d; want 403", got.StatusCode)
	}
	s.logLine(`msg="live connection refused"`, "transport=events", "code=1008", `reason="bad page token"`)

	page, _ := s.page("/").document(t).Find("#live").Attr("ws-connect")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+page, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	res, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	s.json(http.MethodPost, "/api/cart", `{"productId":1}`) // the cart is written to the stream
	if _, err := res.Body.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	s.logLine(`msg="live connection ended"`, "transport=events", "code=1001",
		"id="+idIn(s.logLine("msg=request", "path=/live", "status=200"))+" ", "duration_seconds=")
	if log := s.log.String(); strings.Contains(log, "superfluous") {
		t.Errorf("the header of a stream is written twice:\n%s", log)
	}
}
