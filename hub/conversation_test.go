package hub_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"selvedge/hub"
)

// talking is the protocol of message_test.go with a conversation for each
// connection.
type talking struct {
	protocol
	conversation func(ctx context.Context, message []byte, followed []hub.View) hub.Reply
}

func (p talking) Open(*http.Request) (hub.Page, error) {
	return hub.Page{Session: "s", Conversation: conversation(p.conversation)}, nil
}

type conversation func(ctx context.Context, message []byte, followed []hub.View) hub.Reply

func (c conversation) Receive(ctx context.Context, message []byte, followed []hub.View) hub.Reply {
	return c(ctx, message, followed)
}

// orders is a conversation whose messages are replies in JSON.
func orders(_ context.Context, message []byte, _ []hub.View) (reply hub.Reply) {
	var names struct{ Show, Hide, Say []string }
	_ = json.Unmarshal(message, &names)
	for _, name := range names.Show {
		reply.Show = append(reply.Show, hub.View{Reference: name})
	}
	for _, name := range names.Hide {
		reply.Hide = append(reply.Hide, hub.View{Reference: name})
	}
	for _, text := range names.Say {
		reply.Messages = append(reply.Messages, []byte(text))
	}
	return reply
}

func jsonOnly() websocket.DialOptions { return websocket.DialOptions{Subprotocols: []string{"json"}} }

func TestAConversationFollowsAndHidesViews(t *testing.T) {
	followed := make(chan []hub.View, 10)
	s := start(t, hub.Options{Protocol: talking{conversation: func(ctx context.Context, message []byte, views []hub.View) hub.Reply {
		followed <- views
		return orders(ctx, message, views)
	}}})
	s.setJSON("a", "1", 0)
	s.setJSON("b", "1", 0)
	p := s.dialWith(t, "", jsonOnly())
	p.write(`{"show": ["a", "b"], "say": ["one", "two"]}`)
	got := map[string]bool{}
	for range 4 {
		got[p.read()] = true
	}
	want := map[string]bool{`{"view":"a","data":1,"version":1}`: true, `{"view":"b","data":1,"version":1}`: true, "one": true, "two": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	p.write(`{"hide": ["a"], "say": ["hidden"]}`)
	p.want("hidden")
	s.setJSON("a", "2", 0)
	s.setJSON("b", "2", 0)
	s.Invalidate("a")
	s.Invalidate("b")
	p.want(`{"view":"b","data":2,"version":2}`)
	p.write(`{"say": ["end"]}`)
	p.want("end")
	a, b := hub.View{Reference: "a"}, hub.View{Reference: "b"}
	for _, want := range [][]hub.View{nil, {a, b}, {b}} {
		if diff := cmp.Diff(want, <-followed); diff != "" {
			t.Errorf("followed (-want +got):\n%s", diff)
		}
	}
	if n := s.Stats().Views; n != 1 {
		t.Errorf("views = %d; want 1, that still followed", n)
	}
}

func TestTheLastFragmentOfAViewEndsIt(t *testing.T) {
	s := start(t, hub.Options{Protocol: talking{conversation: orders}, Views: 1})
	s.setJSON("a", "1", 7)
	var all []*page
	for range 3 {
		p := s.dialWith(t, "", jsonOnly())
		p.write(`{"show": ["a"]}`)
		p.want(`{"view":"a","data":1,"version":7}`)
		all = append(all, p)
	}
	s.put("a", hub.Fragment{Body: []byte(`"refused"`), ContentType: "text/plain", ProtocolOnly: true, Last: true})
	s.Invalidate("a")
	for _, p := range all {
		p.want(`{"view":"a","data":"refused","version":0}`)
	}
	s.setJSON("a", "2", 8)
	s.setJSON("b", "1", 0)
	s.Invalidate("a")
	if n := s.fetches("a"); n != 2 || s.Stats().Views != 0 {
		t.Errorf("%d fetches and %d views; want 2, and no view", n, s.Stats().Views)
	}
	all[0].write(`{"show": ["b"]}`) // there is room for it
	all[0].want(`{"view":"b","data":1,"version":1}`)
	all[1].write(`{"show": ["a"]}`)
	all[1].want(`{"view":"a","data":2,"version":8}`)
}

func TestAViewSeenInALaterStateIsFetchedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var later time.Time
		s := startPiped(t, hub.Options{Protocol: talking{conversation: func(_ context.Context, message []byte, _ []hub.View) hub.Reply {
			v := hub.View{Reference: "a"}
			reply := hub.Reply{Show: []hub.View{v}}
			if etag := string(message); etag != "" {
				reply.Seen = []hub.Shown{{View: v, ETag: etag, Date: later}}
			}
			return reply
		}}})
		put := func(body string) {
			s.put("a", hub.Fragment{Body: []byte(body), ETag: body, Groups: []string{"a"}, ContentType: "application/json"})
		}
		put("1")
		p := s.dialWith(t, "", jsonOnly())
		p.write("")
		p.want(`{"view":"a","data":1,"version":1}`)
		time.Sleep(2 * time.Second)
		later = time.Now()
		p.write("1") // is as the hub has it
		p.want(`{"view":"a","data":1,"version":1}`)
		put("2") // with no invalidation
		p.write("2")
		p.want(`{"view":"a","data":2,"version":2}`)
		if n := s.fetches("a"); n != 2 {
			t.Errorf("fetches = %d; want 2", n)
		}
	})
}

func TestAConversationThatWaitsEndsBeforeItsPongIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Protocol: talking{conversation: func(ctx context.Context, _ []byte, _ []hub.View) hub.Reply {
			<-ctx.Done()
			return hub.Reply{Message: []byte("too late")}
		}}})
		p := s.dialWith(t, "", jsonOnly())
		began := time.Now()
		p.write("{}")
		p.want("too late")
		if waited := time.Since(began); waited != 5*time.Second {
			t.Errorf("Receive waited %v; want 5s, half of the default of Pong", waited)
		}
	})
}
