package hub_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"selvedge/hub"
)

func TestAPageIsSentWhatItIsBehindWith(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 2)
	s.set("b", 7)
	s.set("late", 1)
	p := s.dial(t, token(shown("a", 1), shown("b", 7), hub.Shown{View: hub.View{Reference: "late"}}))
	p.want(swapped("a", 2) + swapped("late", 1))
	s.change("b", 8)
	p.want(swapped("b", 8))
}

func TestARestartedServerSendsEverything(t *testing.T) {
	s := start(t, hub.Options{Epoch: "second life"})
	s.set("a", 3)
	p := s.dial(t, token(shown("a", 3)))
	p.want(swapped("a", 3))
	before := s.dial(t, token(shown("a", 90))) // of a life with larger numbers
	before.want(swapped("a", 3))
	if got := s.Epoch(); got != "second life" {
		t.Errorf("Epoch() = %q; want %q", got, "second life")
	}
}

func TestAViewIsRenderedOnceForAll(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 1)
	var all []*page
	for range 50 {
		all = append(all, s.dial(t, token(shown("a", 1))))
	}
	eventually(t, "joined", func() bool { return s.Stats().WebSockets == len(all) && s.fetches("a") == 1 })
	s.change("a", 2)
	for _, p := range all {
		p.want(swapped("a", 2))
	}
	if got := s.fetches("a"); got != 2 {
		t.Errorf("fetches = %d; want 2: one for those that joined, one for the change", got)
	}
}

func TestAnInvalidationThatChangesNothingSendsNothing(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 1)
	s.set("b", 1)
	p := s.dial(t, token(shown("a", 1), shown("b", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 && s.fetches("b") == 1 })
	s.Invalidate("a", "no view's")
	s.Invalidate()
	eventually(t, "fetched again", func() bool { return s.fetches("a") == 2 })
	s.change("b", 2)
	p.want(swapped("b", 2))
}

func TestAGroupThatAFragmentTakesUpIsHeeded(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 1)
	p := s.dial(t, token(shown("a", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 })
	s.put("a", hub.Fragment{Body: []byte(`<b id="a">2</b>`), ETag: "2", Groups: []string{"other"}})
	s.Invalidate("a")
	p.want(`<b hx-swap-oob="true" id="a">2</b>`)
	s.set("a", 3)
	s.Invalidate("other")
	p.want(swapped("a", 3))
}

func TestAnOlderRevisionIsAskedForAgain(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 5)
	p := s.dial(t, token(shown("a", 4)))
	p.want(swapped("a", 5))
	s.change("a", 3) // a stale answer
	eventually(t, "asked again", func() bool { return s.fetches("a") >= 3 })
	s.set("a", 6)
	p.want(swapped("a", 6))
}

func TestAPageIsNotSentLessThanItShows(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 3) // another process has 5 already
	s.set("b", 2)
	p := s.dial(t, token(shown("a", 5), shown("b", 1)))
	p.want(swapped("b", 2))
	s.change("a", 4)
	s.change("b", 3)
	p.want(swapped("b", 3))
	s.change("a", 6)
	p.want(swapped("a", 6))
}

func TestAPageThatKnowsMoreHasTheViewFetched(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 1)
	first := s.dial(t, token(shown("a", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 })
	s.set("a", 2) // and nobody says so
	s.dial(t, token(shown("a", 2)))
	first.want(swapped("a", 2))
}

func TestAFragmentThatFailsIsKeptAndRetried(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 1)
	s.set("b", 1)
	p := s.dial(t, token(shown("a", 1), shown("b", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 && s.fetches("b") == 1 })
	s.fails("a", errors.New("is down"))
	s.set("a", 2)
	s.set("b", 2)
	s.Invalidate("a", "b")
	p.want(swapped("b", 2))
	eventually(t, "retried", func() bool { return s.fetches("a") >= 3 })
	s.fails("a", nil)
	p.want(swapped("a", 2))
}

func TestAFragmentThatIsGoneIsDropped(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("b", 1)
	p := s.dial(t, token(shown("gone", 1), shown("b", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("gone") == 1 && s.fetches("b") == 1 })
	s.Invalidate("gone")
	s.change("b", 2)
	p.want(swapped("b", 2))
	if got := s.fetches("gone"); got != 1 {
		t.Errorf("fetches of a fragment that is gone = %d; want 1", got)
	}
}

func TestAFragmentThatNoClientCouldUseIsNotSent(t *testing.T) {
	s := start(t, hub.Options{})
	s.put("bad", hub.Fragment{Body: []byte("<b>no id</b>"), ETag: "1", Groups: []string{"bad"}})
	s.set("b", 2)
	p := s.dial(t, token(shown("bad", 0), shown("b", 1)))
	p.want(swapped("b", 2))
	s.put("bad", hub.Fragment{Body: []byte(`<b id="bad">x</b>`), ETag: "2", Groups: []string{"bad"}})
	p.want(`<b hx-swap-oob="true" id="bad">x</b>`)
}

func TestViewsAreForgottenWithTheirLastConnection(t *testing.T) {
	s := start(t, hub.Options{})
	for _, name := range []string{"a", "b", "c"} {
		s.set(name, 1)
	}
	first := s.dial(t, token(shown("a", 1), shown("b", 1), shown("c", 1)))
	second := s.dial(t, token(shown("c", 1), shown("b", 1)))
	third := s.dial(t, token(shown("b", 1), shown("b", 1)))
	eventually(t, "all views", func() bool { return s.Stats().Views == 3 && s.Stats().WebSockets == 3 })
	_ = first.ws.CloseNow()
	eventually(t, "a is forgotten", func() bool { return s.Stats().Views == 2 })
	s.change("b", 2)
	second.want(swapped("b", 2))
	third.want(swapped("b", 2))
	_ = second.ws.CloseNow()
	_ = third.ws.CloseNow()
	eventually(t, "all are forgotten", func() bool { return s.Stats().Views == 0 && s.Stats().WebSockets == 0 })
	n := s.fetches("b")
	s.change("b", 3)
	if got := s.fetches("b"); got != n {
		t.Errorf("fetches of a forgotten view = %d; want %d", got, n)
	}
}

func TestClientsThatAskForItAreSentMorphs(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 2)
	ws, _, err := websocket.Dial(t.Context(), s.url(token(shown("a", 1)))+"&oob=outerMorph", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	p := &page{t, ws}
	p.want(`<b hx-swap-oob="outerMorph" id="a" data-revision="2">2</b>`)
}

func TestLongMessagesAreWhole(t *testing.T) {
	s := start(t, hub.Options{})
	for _, size := range []int{125, 126, 1<<16 - 1, 1 << 16, 3 << 20} {
		body := make([]byte, size)
		for i := range body {
			body[i] = byte('a' + i%26)
		}
		name := fmt.Sprint("size", size)
		page := `<b id="a">` + string(body) + `</b>`
		s.put(name, hub.Fragment{Body: []byte(page)})
		p := s.dial(t, token(shown(name, 0)))
		if diff := cmp.Diff(`<b hx-swap-oob="true"`+page[2:], p.read()); diff != "" {
			t.Errorf("message of %d bytes (-want +got):\n%.300s", size, diff)
		}
	}
}

func TestABrokerThatFailsDoesNotKeepOwnPagesWaiting(t *testing.T) {
	s := start(t, hub.Options{Broker: broken{}})
	s.set("a", 1)
	p := s.dial(t, token(shown("a", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 })
	s.change("a", 2)
	p.want(swapped("a", 2))
}

func TestALostConnectionOfTheBrokerRefreshesAllViews(t *testing.T) {
	b := new(hub.Local)
	s := start(t, hub.Options{Broker: b})
	s.set("a", 1)
	p := s.dial(t, token(shown("a", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 })
	s.set("a", 2)
	if err := b.Publish(t.Context(), nil); err != nil { // as a driver's receive(nil)
		t.Fatal(err)
	}
	p.want(swapped("a", 2))
}

func TestOnlyGETIsAnswered(t *testing.T) {
	s := start(t, hub.Options{})
	resp, err := s.client.Post(s.url(token()), "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST = %d; want %d", resp.StatusCode, http.StatusMethodNotAllowed)
	}
}
