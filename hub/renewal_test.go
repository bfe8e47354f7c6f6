package hub_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
)

// tokenIn returns the token that a message gives to its page.
func tokenIn(t *testing.T, message string) string {
	t.Helper()
	rest, begins := strings.CutPrefix(message, `<div id="live" ws-connect="?page=`)
	escaped, ends := strings.CutSuffix(rest, `" hx-swap-oob="true"></div>`)
	token, err := url.QueryUnescape(escaped)
	if !begins || !ends || err != nil {
		t.Fatalf("message = %q; want an element with a token", message)
	}
	return token
}

// untilRenewal is the time after which the pages of these tests are sent a new
// token; it is given on the next ping.
const untilRenewal = 8 * time.Hour

// renewable is the token of a page that is sent a new one later.
func renewable(views ...hub.Shown) string {
	return pageToken(hub.Page{Session: "s", Epoch: epoch, Views: views, RenewAt: time.Now().Add(untilRenewal)})
}

// listener opens a connection that lasts, and returns what reads its next message.
type listener func(t *testing.T, s *server, token string) (read func() string)

func listenByWebSocket(t *testing.T, s *server, token string) func() string {
	t.Helper()
	ws, _, err := websocket.Dial(t.Context(), s.url(token)+"&renew=true", &websocket.DialOptions{HTTPClient: s.client})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return func() string {
		_, b, err := ws.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
}

func listenByEvents(t *testing.T, s *server, token string) func() string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	resp := s.fetch(ctx, t, s.url(token)+"&renew=true", http.Header{"Accept": {"text/event-stream"}})
	t.Cleanup(cancel)
	lines := bufio.NewReader(resp.Body)
	return func() string {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if data, is := strings.CutPrefix(line, "data: "); is {
				return strings.TrimSuffix(data, "\n")
			}
		}
	}
}

func TestAnOpenPageIsSentNewTokensBeforeItsOwnEnds(t *testing.T) {
	for name, listen := range map[string]listener{"websocket": listenByWebSocket, "events": listenByEvents} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := startPiped(t, hub.Options{Idle: -1})
				s.set("a", 1)
				s.set("b", 1)
				begin := time.Now()
				read := listen(t, s, renewable(shown("a", 1), shown("b", 1)))
				synctest.Wait()
				s.change("a", 2)
				if got := read(); got != swapped("a", 2) {
					t.Fatalf("message = %q; want %q", got, swapped("a", 2))
				}
				var token string
				for i := range 3 {
					token = tokenIn(t, read())
					due := time.Duration(i+1) * untilRenewal
					if got := time.Since(begin); got < due || got > due+2*time.Minute {
						t.Errorf("token %d came after %v; want it at the first ping after %v", i, got, due)
					}
				}
				if resp := s.get(t.Context(), t, token, nil); resp.StatusCode != http.StatusNotModified {
					t.Errorf("poll with the new token = %d; want %d: it names what the page shows", resp.StatusCode, http.StatusNotModified)
				}
				s.change("b", 2)
				if got := read(); got != swapped("b", 2) {
					t.Errorf("message = %q; want %q", got, swapped("b", 2))
				}
			})
		})
	}
}

func TestAPollIsAnsweredWithANewTokenWhenItIsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("a", 1)
		poll := func(token string) (int, string) {
			resp := s.fetch(t.Context(), t, s.url(token)+"&renew=true", nil)
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			return resp.StatusCode, string(body)
		}
		old := renewable(shown("a", 1))
		if status, body := poll(old); status != http.StatusNotModified {
			t.Errorf("a poll before it is time = %d %q; want %d", status, body, http.StatusNotModified)
		}
		time.Sleep(untilRenewal)
		_, body := poll(old)
		if status, body := poll(tokenIn(t, body)); status != http.StatusNotModified {
			t.Errorf("a poll with the new token = %d %q; want %d", status, body, http.StatusNotModified)
		}
	})
}

// TestOnlyPagesThatAskAreSentTokens spares stock clients an element whose
// replacement would have them connect again.
func TestOnlyPagesThatAskAreSentTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Idle: -1})
		s.set("a", 1)
		p := s.dial(t, renewable(shown("a", 1)))
		received := make(chan string, 1)
		go func() {
			_, b, _ := p.ws.Read(t.Context())
			received <- string(b)
		}()
		time.Sleep(2 * untilRenewal)
		s.change("a", 2)
		if got := <-received; got != swapped("a", 2) {
			t.Errorf("message = %q; want %q", got, swapped("a", 2))
		}
	})
}
