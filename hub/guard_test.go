package hub_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
)

const cut = "The answer to this was lost. Please load the page again to see whether it was done."

// TestABrokenActionEndsNothing has actions that panic, as a proxy does whose
// origin promises 100 bytes and sends 8.
func TestABrokenActionEndsNothing(t *testing.T) {
	var logged strings.Builder
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/cut", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "8 bytes.")
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("POST /api/broken", func(http.ResponseWriter, *http.Request) { panic("a bug") })
	mux.HandleFunc("POST /api/well", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "sold out", http.StatusConflict) })
	s := start(t, hub.Options{Actions: mux, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	p := s.dial(t, token())
	for action, want := range map[string]string{"cut": cut, "broken": cut, "well": "sold out"} {
		p.write(`{"_action": "POST /api/` + action + `"}`)
		if got := p.read(); got != live(want) {
			t.Errorf("%s is answered %q; want %q", action, got, live(want))
		}
	}
	_ = s.Close(t.Context())
	if got := strings.Count(logged.String(), "level=ERROR"); got != 1 || !strings.Contains(logged.String(), "a bug") {
		t.Errorf("log:\n%s\nwant the one panic that is a bug", &logged)
	}
}

// faulty are pages whose first fetch panics.
type faulty struct {
	*pages
	fetched atomic.Int32
}

func (f *faulty) Fetch(ctx context.Context, v hub.View, since time.Time) (hub.Fragment, error) {
	if f.fetched.Add(1) == 1 {
		panic("a bug")
	}
	return f.pages.Fetch(ctx, v, since)
}

func TestAFetchThatPanicsIsRepeated(t *testing.T) {
	s := &server{pages: newPages()}
	s.set("a", 2)
	var err error
	s.Hub, err = hub.New(&faulty{pages: s.pages}, hub.Options{Epoch: epoch, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s.serve(t, s.Hub)
	s.closeLater(t)
	s.dial(t, token(shown("a", 1))).want(swapped("a", 2))
}

// broken is a protocol that panics whenever it is asked.
type brokenProtocol struct{}

func (brokenProtocol) Open(*http.Request) (hub.Page, error) {
	return hub.Page{Views: []hub.Shown{{View: hub.View{Reference: "a"}}}}, nil
}
func (brokenProtocol) Receive(string, []byte) hub.Reply                     { panic("a bug") }
func (brokenProtocol) Encode(hub.View, hub.Fragment, int64) ([]byte, error) { panic("a bug") }
func (brokenProtocol) Refuse(string) []byte                                 { panic("a bug") }

func TestAProtocolThatPanicsEndsItsConnectionOnly(t *testing.T) {
	s := start(t, hub.Options{Protocol: brokenProtocol{}})
	s.put("a", hub.Fragment{Body: []byte("{}"), ETag: "1", Groups: []string{"a"}, ContentType: "application/json"})
	p := s.dialWith(t, "", websocket.DialOptions{Subprotocols: []string{"json"}})
	p.write("{}")
	p.wantClose(websocket.StatusInternalError)
	s.set("b", 2)
	s.dial(t, token(shown("b", 1))).want(swapped("b", 2))
}
