package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// dial opens the live connection of a page as its browser does.
func (s *testShop) dial(t *testing.T, path string) *websocket.Conn {
	t.Helper()
	header := http.Header{"Origin": {s.url}}
	live := s.url + s.liveURL(path)
	for _, c := range s.client.Jar.Cookies(mustParse(t, s.url)) {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	ws, res, err := websocket.Dial(t.Context(), live, &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	if res.Body != nil {
		_ = res.Body.Close()
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return ws
}

// TestActionsOverTheSocketAreTheFormsThemselves sends what the forms of a page
// would send, as htmx does after an outage: twice.
func TestActionsOverTheSocketAreTheFormsThemselves(t *testing.T) {
	s := startShop(t)
	ws := s.dial(t, "/products/1")
	send := func(message string) {
		t.Helper()
		if err := ws.Write(t.Context(), websocket.MessageText, []byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	read := func(want string) {
		t.Helper()
		for {
			_, message, err := ws.Read(t.Context())
			if err != nil {
				t.Fatalf("waiting for %q: %v", want, err)
			}
			if strings.Contains(string(message), want) {
				return
			}
		}
	}
	const add = `{"_action":"POST /api/cart","productId":"1","quantity":2,"idempotencyKey":"k","HEADERS":{"HX-Request":"true"}}`
	send(add)
	read("Cart, 2 pieces")
	send(add)
	send(`{"_action":"POST /api/cart","productId":"1","quantity":0}`)
	read("live-message") // the refusal, after which the replay is done too
	if got := s.json(http.MethodGet, "/api/cart", "").body; !strings.Contains(got, `"count":2`) {
		t.Errorf("the cart is %s; want 2 pieces, though the form came twice", got)
	}
	send(`{"_action":"PATCH /api/cart/1","quantity":"5"}`)
	read("Cart, 5 pieces")
	send(`{"_action":"GET /-/anything"}`)
	read("not allowed")
}
