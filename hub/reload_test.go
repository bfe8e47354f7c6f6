package hub_test

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
)

// reload is the message that has a page load itself again.
const reload = `<div id="live" data-reload hx-swap-oob="none"></div>`

// rendered is the token of a page of this moment.
func rendered() string {
	return pageToken(hub.Page{Session: "s", Epoch: epoch, Views: []hub.Shown{shown("a", 1)}, Date: time.Now()})
}

func TestOpenPagesLoadThemselvesAgain(t *testing.T) {
	for name, listen := range map[string]listener{"websocket": listenByWebSocket, "events": listenByEvents} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := startPiped(t, hub.Options{})
				s.set("a", 1)
				read := listen(t, s, rendered())
				synctest.Wait()
				s.Reload()
				if got := read(); got != reload {
					t.Errorf("message = %q; want %q", got, reload)
				}
				s.change("a", 2)
				if got := read(); got != swapped("a", 2) {
					t.Errorf("message = %q; want %q: a page is told once", got, swapped("a", 2))
				}
			})
		})
	}
}

// A page polls, or is on its way to the browser, while pages are told to load themselves
// again.
func TestAPageOfBeforeLoadsItselfAgainWhenItConnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("a", 1)
		before := rendered()
		time.Sleep(time.Second)
		s.Reload()
		time.Sleep(time.Second)
		for name, page := range map[string]struct{ token, want string }{
			"before":                        {before, reload},
			"after":                         {rendered(), ""},
			"at a time that nobody can say": {pageToken(hub.Page{Session: "s", Epoch: epoch, Views: []hub.Shown{shown("a", 1)}}), ""},
		} {
			body, err := io.ReadAll(s.get(t.Context(), t, page.token, http.Header{"Accept": {"text/html"}}).Body)
			if err != nil || string(body) != page.want {
				t.Errorf("a page that was rendered %s is answered %q, %v; want %q", name, body, err, page.want)
			}
		}
	})
}

func TestJSONClientsAreNotToldToLoadAPage(t *testing.T) {
	s := start(t, hub.Options{Protocol: protocol{}})
	s.setJSON("json", "1", 1)
	p := s.dialWith(t, "", websocket.DialOptions{Subprotocols: []string{"json"}})
	p.want(`{"view":"json","data":1,"version":1}`)
	s.Reload()
	for revision, data := range []string{2: "2", 3: "3"}[2:] { // a message of the hub follows the first change at the latest
		s.setJSON("json", data, int64(revision+2))
		s.Invalidate("json")
		p.want(`{"view":"json","data":` + data + `,"version":` + data + `}`)
	}
}
