package hub_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"selvedge/hub"
)

func TestTheMessageLimitIsOfASession(t *testing.T) {
	s := start(t, hub.Options{Actions: new(actions)})
	first, second, other := s.dial(t, token()), s.dial(t, token()), s.dial(t, pageToken(hub.Page{Session: "other", Epoch: epoch}))
	for range 20 {
		first.write("ping")
		first.want("pong")
	}
	for range 100 {
		_ = second.ws.Write(t.Context(), websocket.MessageText, []byte("ping"))
	}
	second.wantClose(websocket.StatusPolicyViolation)
	other.write("ping")
	other.want("pong")
	again := s.dial(t, token()) // gives no more
	for range 100 {
		_ = again.ws.Write(t.Context(), websocket.MessageText, []byte("ping"))
	}
	again.wantClose(websocket.StatusPolicyViolation)
}

func TestAConnectionKeepsTheCookiesThatItsActionsNeed(t *testing.T) {
	a := new(actions)
	s := start(t, hub.Options{Actions: a, Cookies: []string{"session", "lang"}, Origins: []string{"http://shop.example"}})
	p := s.dialWith(t, token(), websocket.DialOptions{HTTPHeader: http.Header{
		"Cookie": {"tracker=1; session=a", "lang=de; sessions=b"}, "Origin": {"http://shop.example"},
	}})
	p.write(`{"_action": "POST /api/cart"}`)
	p.read()
	if got := a.last(); !strings.Contains(got, " session=a; lang=de http://shop.example") {
		t.Errorf("the action has %q; want the cookies session and lang only", got)
	}
}
