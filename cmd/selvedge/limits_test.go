package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/coder/websocket"
)

// endOf returns the close code with which a connection ends.
func endOf(t *testing.T, ws *websocket.Conn) websocket.StatusCode {
	t.Helper()
	for {
		if _, _, err := ws.Read(t.Context()); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// answered checks that a connection is let in: the hub answers what it says.
func answered(t *testing.T, ws *websocket.Conn) {
	t.Helper()
	if err := ws.Write(t.Context(), websocket.MessageText, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ws.Read(t.Context()); err != nil {
		t.Errorf("the connection ended: %v; want it accepted", err)
	}
}

func TestLimitsOfLiveConnectionsAreFlags(t *testing.T) {
	tests := []struct {
		name     string
		args     []string
		accepted int  // connections of one session
		others   bool // whose next one is of another session
		refused  bool
	}{
		{"of a session", []string{"--live-per-session", "2"}, 2, false, true},
		{"of a session, to another one", []string{"--live-per-session", "2"}, 2, true, false},
		{"of a session, by default", nil, 20, false, true},
		{"of a session, none", []string{"--live-per-session", "0"}, 20, false, false},
		{"of an address", []string{"--live-per-address", "2"}, 2, true, true},
		{"of an address, none", []string{"--live-per-address", "0", "--live-per-session", "0"}, 200, true, false},
		{"of views", []string{"--live-views", "1"}, 0, false, true},
		{"of views, none", []string{"--live-views", "0"}, 0, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := startShop(t, test.args...)
			for range test.accepted {
				answered(t, s.dial(t, "/products/1"))
			}
			if test.others {
				s.client = s.newClient()
			}
			next := s.dial(t, "/products/1")
			if !test.refused {
				answered(t, next)
			} else if got := endOf(t, next); got != websocket.StatusTryAgainLater {
				t.Errorf("one more is ended with %d; want 1013", got)
			}
		})
	}
}

func TestAnOriginThatTheOperatorNamesMayConnect(t *testing.T) {
	s := startShop(t, "--live-origin", "https://shop.example")
	live := s.url + s.liveURL("/products/1")
	for origin, want := range map[string]bool{"https://shop.example": true, "https://evil.example": false} {
		header := http.Header{"Origin": {origin}}
		for _, c := range s.client.Jar.Cookies(mustParse(t, s.url)) {
			header.Add("Cookie", c.Name+"="+c.Value)
		}
		ws, _, err := websocket.Dial(t.Context(), live, &websocket.DialOptions{HTTPHeader: header})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ws.CloseNow() })
		if want {
			answered(t, ws)
		} else if got := endOf(t, ws); got != websocket.StatusPolicyViolation {
			t.Errorf("a page of %s is ended with %d; want 1008", origin, got)
		}
	}
}

// TestAStoppedServerAsksItsPagesToComeBack looks at the code, which stock
// clients take for that.
func TestAStoppedServerAsksItsPagesToComeBack(t *testing.T) {
	s, process := startProcess(t, "serve", "--data", t.TempDir())
	ws := s.dial(t, "/products")
	answered(t, ws)
	if err := process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if got := endOf(t, ws); got != websocket.StatusServiceRestart {
		t.Errorf("the connection is ended with %d; want 1012", got)
	}
}

// TestEveryPageHasOneElementToConnectWith wants a second attribute with the page's
// token only beside an operator's scripts.
func TestEveryPageHasOneElementToConnectWith(t *testing.T) {
	script := filepath.Join(t.TempDir(), "their.js")
	if err := os.WriteFile(script, []byte("0"), 0o600); err != nil {
		t.Fatal(err)
	}
	for tokens, s := range map[int]*testShop{1: startShop(t), 2: startShop(t, "--script", script)} {
		for _, path := range []string{"/", "/products/1", "/cart", "/products/99999"} {
			d := s.page(path).document(t)
			for css, want := range map[string]int{
				"#live, [ws-connect], [hx-ws\\:connect]":                                 1,
				"body > #live:last-child:empty[ws-connect^='/live?page='][hx-swap=none]": 1,
				"[hx-ws\\:connect^='/live?page=']":                                       tokens - 1,
				"[hx-ext]":                                                               1, "body[hx-ext=ws]": 1,
			} {
				if got := d.Find(css).Length(); got != want {
					t.Errorf("%s has %d of %s; want %d", path, got, css, want)
				}
			}
		}
	}
}

func TestALiveConnectionIsLoggedAsAnUpgrade(t *testing.T) {
	s := startShop(t)
	answered(t, s.dial(t, "/products"))
	s.logLine("path=/live ", "status=101 ")
}
