package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestAnOriginThatSpeaksH2CIsNoTunnel stands before nghttpx, which switches to
// HTTP/2 for who asks by Upgrade: h2c. From then on a visitor could ask it for
// any path of any host, past --host and the log.
func TestAnOriginThatSpeaksH2CIsNoTunnel(t *testing.T) {
	origin := startProxy(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "max-age=60")
		_, _ = io.WriteString(w, "a page")
	})
	for _, connection := range []string{"Upgrade, HTTP2-Settings", "Upgrade"} {
		s := startHere(t, "selvedge", "proxy", nghttpx.start(t, origin.url), "--listen", "127.0.0.1:0", "--log", "text")
		for _, want := range []string{"fwd=uri-miss", "hit"} {
			got := s.askForH2C(connection)
			status := got.Header["Cache-Status"]
			if got.StatusCode != http.StatusOK || got.body != "a page" || len(status) == 0 || !strings.Contains(status[len(status)-1], want) {
				t.Errorf("Connection: %s is answered with %d %q, Cache-Status %q; want the page, and %s", connection, got.StatusCode, got.body, status, want)
			}
		}
	}
}

// askForH2C asks for HTTP/2 on a connection of its own.
func (s *testShop) askForH2C(connection string) answer {
	s.t.Helper()
	c, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: %s\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n", connection)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode == http.StatusSwitchingProtocols {
		return answer{Response: res}
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Error(err)
	}
	return answer{res, string(body)}
}
