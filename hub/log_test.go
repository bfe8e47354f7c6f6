package hub_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
)

// TestTheEndOfAConnectionIsLogged has connections of each transport end after 20
// seconds: the client's leaving, and the hub's closing.
func TestTheEndOfAConnectionIsLogged(t *testing.T) {
	openSocket := func(ctx context.Context, t *testing.T, s *server) {
		p := s.dialWith(t, token(), websocket.DialOptions{HTTPHeader: http.Header{"X-Request-Id": {"abc-1"}}})
		context.AfterFunc(ctx, func() { _ = p.ws.Close(websocket.StatusGoingAway, "left") })
		p.ws.CloseRead(t.Context())
	}
	openStream := func(ctx context.Context, t *testing.T, s *server) {
		s.get(ctx, t, token(), http.Header{"X-Request-Id": {"abc-1"}, "Accept": {"text/event-stream"}})
	}
	tests := []struct {
		name   string
		open   func(context.Context, *testing.T, *server)
		closes bool // the hub does
		want   string
	}{
		{"a WebSocket", openSocket, false, `transport=websocket code=1001 reason=left id=abc-1 duration_seconds=20`},
		{"a WebSocket that the hub closes", openSocket, true, `transport=websocket code=1012 reason=restart id=abc-1 duration_seconds=20`},
		{"an event stream", openStream, false, `transport=events code=1001 reason="" id=abc-1 duration_seconds=20`},
		{"an event stream that the hub closes", openStream, true, `transport=events code=1012 reason=restart id=abc-1 duration_seconds=20`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var logged strings.Builder
				s := startPiped(t, hub.Options{Ping: -1, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
				time.Sleep(time.Hour) // a hub is older than its connections
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				test.open(ctx, t, s)
				synctest.Wait()
				time.Sleep(20 * time.Second)
				if test.closes {
					_ = s.Close(t.Context())
				} else {
					leave()
				}
				synctest.Wait()
				if got := logged.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `msg="live connection ended" `+test.want+"\n") {
					t.Errorf("the log is\n%s\nwant one line that ends with %s", got, test.want)
				}
			})
		})
	}
}
