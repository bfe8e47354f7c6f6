package hub_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/hub"
)

// text is a fragment without a revision.
func text(s string) hub.Fragment {
	return hub.Fragment{Body: []byte(`<b id="a">` + s + `</b>`), ETag: s, Groups: []string{"a"}}
}

// pushed is that fragment as it is sent.
func pushed(s string) string { return `<b hx-swap-oob="true" id="a">` + s + `</b>` }

// showing is the token of a page that was composed just now and shows the
// text.
func showing(s string) string { return showingAt(s, time.Now()) }

func showingAt(s string, date time.Time) string {
	return token(hub.Shown{View: hub.View{Reference: "a"}, ETag: s, Date: date})
}

// TestAnOldTextIsNotSentOverANewPage has an open page that shows an old text,
// and a later page with another one of which the hub was not told. A cache
// between the hub and the fragment still holds the old text.
func TestAnOldTextIsNotSentOverANewPage(t *testing.T) {
	transports := map[string]func(t *testing.T, s *server) (sent string){
		"WebSocket": func(t *testing.T, s *server) string {
			p := s.dial(t, showing("new"))
			time.Sleep(2 * time.Second)
			s.put("a", text("newer"))
			s.store("a", text("newer"), time.Now())
			s.Invalidate("a")
			return p.read()
		},
		"event stream": func(t *testing.T, s *server) string {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			resp := s.events(ctx, t, showing("new"))
			time.Sleep(2 * time.Second)
			s.put("a", text("newer"))
			s.store("a", text("newer"), time.Now())
			s.Invalidate("a")
			return event(t, bufio.NewReader(resp.Body))
		},
		"poll": func(t *testing.T, s *server) string {
			token := showing("new")
			if resp := s.get(t.Context(), t, token, nil); resp.StatusCode != http.StatusNotModified {
				t.Errorf("the poll of a page that shows the text of now = %d; want 304", resp.StatusCode)
			}
			time.Sleep(time.Second) // the open page is sent "new" meanwhile, before "newer" replaces it
			s.put("a", text("newer"))
			s.store("a", text("newer"), time.Now())
			s.Invalidate("a")
			time.Sleep(time.Second)
			body, err := io.ReadAll(s.get(t.Context(), t, token, nil).Body)
			if err != nil {
				t.Fatal(err)
			}
			return string(body)
		},
	}
	for name, connect := range transports {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := startPiped(t, hub.Options{Ping: -1})
				s.put("a", text("old"))
				s.store("a", text("old"), time.Now())
				open := s.dial(t, showing("old"))
				time.Sleep(5 * time.Second)
				s.put("a", text("new"))
				time.Sleep(5 * time.Second)
				if got := connect(t, s); got != pushed("newer") {
					t.Errorf("the new page is sent %q first; want %q", got, pushed("newer"))
				}
				open.want(pushed("new")) // the later page was a witness
			})
		})
	}
}

func TestTheFirstFetchIsComparedWithThePage(t *testing.T) {
	tests := []struct {
		name, shows string
		fetches     int
		sent        string // then the text "changed" is
	}{
		{"a page that shows what is stored", "stored", 1, ""},
		{"a page that shows what is there", "there", 2, ""},
		{"a page that shows something else", "else", 2, pushed("there")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := startPiped(t, hub.Options{Ping: -1})
				s.put("a", text("there"))
				s.store("a", text("stored"), time.Now())
				time.Sleep(5 * time.Second)
				p := s.dial(t, showing(test.shows))
				time.Sleep(5 * time.Second)
				if got := s.fetches("a"); got != test.fetches {
					t.Errorf("fetches = %d; want %d", got, test.fetches)
				}
				if test.sent != "" {
					p.want(test.sent)
				}
				s.put("a", text("changed"))
				s.store("a", text("changed"), time.Now())
				s.Invalidate("a")
				p.want(pushed("changed"))
			})
		})
	}
}

// TestAPageThatIsBehindIsSentWhatWasConfirmed has a page that was composed of
// an older stored response than the hub's.
func TestAPageThatIsBehindIsSentWhatWasConfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.put("a", text("new"))
		s.dial(t, showing("new"))
		time.Sleep(5 * time.Second)
		p := s.dial(t, showing("old"))
		p.want(pushed("new"))
		if got := s.fetches("a"); got != 2 {
			t.Errorf("fetches = %d; want 2: for the view, and for the page that shows something else", got)
		}
		s.dial(t, showingAt("old", time.Now().Add(-time.Second))).want(pushed("new"))
		if got := s.fetches("a"); got != 2 {
			t.Errorf("fetches = %d; want no more for a page that is older than the last", got)
		}
	})
}

func TestPagesOfDifferentTextsAreAllSentTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.put("a", text("3"))
		s.slow("a", time.Second)
		s.store("a", text("1"), time.Now())
		time.Sleep(time.Second)
		first := s.dial(t, showing("2"))
		time.Sleep(time.Millisecond)
		second := s.dial(t, showing("1"))
		first.want(pushed("3"))
		second.want(pushed("3"))
	})
}

func TestAPageKeepsItsTextWhileTheFragmentFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.put("a", text("old"))
		s.dial(t, showing("old"))
		synctest.Wait()
		s.fails("a", errors.New("down"))
		time.Sleep(5 * time.Second)
		p := s.dial(t, showing("new"))
		time.Sleep(5 * time.Second)
		s.put("a", text("newer"))
		s.fails("a", nil)
		p.want(pushed("newer"))
	})
}

// TestAFragmentThatAlwaysDiffersIsFetchedOnceASecond has one page after the
// other claim a text of its own, and a change among them.
func TestAFragmentThatAlwaysDiffersIsFetchedOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.put("a", text("0"))
		s.dial(t, showing("0"))
		synctest.Wait()
		for i := range 50 {
			s.dial(t, showing(fmt.Sprint("page ", i)))
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Second)
		if got := s.fetches("a"); got < 5 || got > 8 {
			t.Errorf("fetches for 50 pages in 5 s = %d; want one a second", got)
		}
		s.dial(t, showing("page 50")) // has it fetched at once
		s.dial(t, showing("page 51")) // and a second later
		synctest.Wait()
		before := s.fetches("a")
		s.Invalidate("a")
		synctest.Wait()
		if got := s.fetches("a"); got != before+1 {
			t.Errorf("fetches after a change = %d; want %d, at once", got, before+1)
		}
	})
}

func TestAPageOfAnotherEpochIsNotSentAnOldText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.put("a", text("old"))
		s.dial(t, showing("old"))
		synctest.Wait()
		time.Sleep(5 * time.Second)
		s.put("a", text("new"))
		s.dial(t, pageToken(hub.Page{Epoch: "another", Views: []hub.Shown{
			{View: hub.View{Reference: "a"}, ETag: "old", Date: time.Now()},
		}})).want(pushed("new"))
	})
}

// TestAChangeIsSentAlthoughItsDateIsRounded has a source whose clock shows
// whole seconds, as Date does, and a change right after the page.
func TestAChangeIsSentAlthoughItsDateIsRounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		time.Sleep(900 * time.Millisecond)
		rounded := func(name string) {
			f := text(name)
			f.Date = time.Now().Truncate(time.Second)
			s.put("a", f)
		}
		rounded("1")
		p := s.dial(t, showing("1"))
		rounded("2")
		s.Invalidate("a")
		p.want(pushed("2"))
		time.Sleep(time.Millisecond)
		rounded("3") // and nobody says so
		later := s.dial(t, showing("3"))
		p.want(pushed("3"))
		rounded("4")
		s.Invalidate("a")
		later.want(pushed("4"))
	})
}

// TestAPageThatJoinsDuringAFetchIsCompared has a page show a later revision than
// the fetch under way will bring.
func TestAPageThatJoinsDuringAFetchIsCompared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.set("a", 1)
		s.slow("a", time.Second)
		first := s.dial(t, token(shown("a", 1)))
		synctest.Wait() // the fetch has its answer
		s.set("a", 2)
		s.dial(t, token(shown("a", 2)))
		first.want(swapped("a", 2))
	})
}

// TestPagesThatKeepJoiningHoldNoViewBack has pages with texts of their own join
// during each fetch of a slow fragment.
func TestPagesThatKeepJoiningHoldNoViewBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.put("a", text("old"))
		open := s.dial(t, showing("old"))
		synctest.Wait()
		s.slow("a", 700*time.Millisecond)
		s.put("a", text("new"))
		s.Invalidate("a")
		sent := make(chan string, 1)
		go func() { sent <- open.read() }()
		for i := range 30 {
			s.dial(t, showing(fmt.Sprint("page ", i)))
			time.Sleep(100 * time.Millisecond)
		}
		select {
		case got := <-sent:
			if got != pushed("new") {
				t.Errorf("the open page was sent %q; want %q", got, pushed("new"))
			}
		default:
			t.Error("the open page was sent nothing within 3 s")
		}
	})
}
