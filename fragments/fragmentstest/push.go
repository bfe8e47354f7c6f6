package fragmentstest

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"selvedge/fragments"
)

// pushTimeout limits the wait for a message to the open page.
const pushTimeout = 10 * time.Second

// Push opens the page around a fragment at a path, has the same visitor send a request, such
// as a [Form], and returns the HTML of the next message to the open page. The test fails
// without a message within 10 seconds, and if the response to the request has a status of
// 400 or above.
func Push(t testing.TB, f *fragments.Fragment, path string, write *http.Request) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), pushTimeout)
	defer cancel()
	v := newVisitor(t, f)
	live := v.connect(ctx, path)
	defer func() { _ = live.CloseNow() }()
	if err := live.Write(ctx, websocket.MessageText, []byte("ping")); err != nil {
		t.Fatalf("the live connection: %v", err)
	}
	if message := read(ctx, live); message != "pong" {
		t.Fatalf("before the write, the open page is sent %q; want nothing but the answer to its ping", message)
	}
	v.send(write)
	frame := read(ctx, live)
	if !strings.Contains(frame, "hx-swap-oob") {
		t.Fatalf("after %s %s, the open page at %s is sent %q; want a fragment. Has the response to the write a group of the fragment in "+
			"Cache-Group-Invalidation, and has the fragment that group and an id?", write.Method, write.URL.Path, path, frame)
	}
	return frame
}

// connect opens the live connection of the page at a path.
func (v *visitor) connect(ctx context.Context, path string) *websocket.Conn {
	v.t.Helper()
	address, ok := v.page(path).Find("#live").Attr("ws-connect")
	if !ok {
		v.t.Fatalf("the page at %s has no live connection", path)
	}
	o := &websocket.DialOptions{HTTPClient: v.client, HTTPHeader: http.Header{"Origin": {v.server.String()}}}
	live, _, err := websocket.Dial(ctx, v.server.String()+address, o) //nolint:bodyclose // the library has closed it
	if err != nil {
		v.t.Fatalf("connecting to %s: %v", address, err)
	}
	return live
}

// read returns the next message, or "" if none comes in time.
func read(ctx context.Context, live *websocket.Conn) string {
	_, message, err := live.Read(ctx)
	if err != nil {
		return ""
	}
	return string(message)
}
