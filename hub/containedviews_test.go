package hub_test

import (
	"fmt"
	"testing"
	"time"

	"selvedge/hub"
)

// details is a fragment that shows the view stock within it, and needs
// stylesheets.
func details(number string, stock hub.Shown, styles ...string) hub.Fragment {
	return hub.Fragment{
		Body:   []byte(`<div id="details">` + number + `</div>`),
		ETag:   number,
		Groups: []string{"details"},
		Views:  []hub.Shown{stock},
		Styles: styles,
	}
}

func styled(links, number string) string {
	return `<div id="live-styles" hx-swap-oob="beforeend:head">` + links + `</div><div hx-swap-oob="true" id="details">` + number + `</div>`
}

func late(reference string) hub.Shown { return hub.Shown{View: hub.View{Reference: reference}} }

// TestALateFragmentBringsItsViews has a page whose details came late: it hears
// of a change of the stock within them, also of one that came before they did.
func TestALateFragmentBringsItsViews(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("stock", 2)
	s.put("details", details("1", shown("stock", 1), "/a.css"))
	p := s.dial(t, token(late("details")))
	p.want(styled(`<link rel="stylesheet" href="/a.css">`, "1"))
	p.want(swapped("stock", 2))
	s.change("stock", 3)
	p.want(swapped("stock", 3))
	s.change("stock", 4)
	p.want(swapped("stock", 4))
}

func TestAPushedFragmentBringsWhatItContainsAfterTheChange(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("first", 1)
	s.set("second", 1)
	s.put("details", details("1", shown("first", 1)))
	p := s.dial(t, token(hub.Shown{View: hub.View{Reference: "details"}, ETag: "1"}, shown("first", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("details") == 1 })
	s.put("details", details("2", shown("second", 1)))
	s.Invalidate("details")
	p.want(`<div hx-swap-oob="true" id="details">2</div>`)
	eventually(t, "the view within it is followed", func() bool { return s.fetches("second") == 1 })
	s.change("second", 2)
	p.want(swapped("second", 2))
}

func TestViewsWithinAreFollowedUpToTheLimit(t *testing.T) {
	s := start(t, hub.Options{Views: 1})
	s.set("stock", 2)
	s.put("details", details("1", shown("stock", 1)))
	p := s.dial(t, token(late("details")))
	p.want(`<div hx-swap-oob="true" id="details">1</div>`)
	s.put("details", details("2", shown("stock", 1)))
	s.Invalidate("details")
	p.want(`<div hx-swap-oob="true" id="details">2</div>`)
	if got := s.fetches("stock"); got != 0 {
		t.Errorf("the view within is fetched %d times; want none, since the page is at its limit", got)
	}
}

// TestViewsWithinAreFollowedWhileTheyAreShown has details that show another stock
// with each change: more of them than a connection may follow.
func TestViewsWithinAreFollowedWhileTheyAreShown(t *testing.T) {
	s := start(t, hub.Options{Views: 2, Hold: time.Minute})
	s.set("stock0", 1)
	s.put("details", details("0", shown("stock0", 1)))
	p := s.dial(t, token(hub.Shown{View: hub.View{Reference: "details"}, ETag: "0"}, shown("stock0", 1)))
	s.change("stock0", 2)
	p.want(swapped("stock0", 2)) // which is sent when both are compared with the page
	for i := range 10 {
		number, stock := fmt.Sprint(i+1), fmt.Sprint("stock", i+1)
		s.set(stock, 1)
		s.put("details", details(number, shown(stock, 1)))
		s.Invalidate("details")
		p.want(`<div hx-swap-oob="true" id="details">` + number + `</div>`)
		eventually(t, "the stock within is followed", func() bool { return s.fetches(stock) == 1 })
		s.change(stock, 2)
		p.want(swapped(stock, 2))
		if got := s.Stats().Views; got != 2 {
			t.Errorf("the hub has %d views; want the details and the stock within them", got)
		}
	}
}

// TestAViewWithinTwoFragmentsIsFollowedUntilNeitherShowsIt moves a stock, which
// shows a price, from one fragment to another, and takes it away there.
func TestAViewWithinTwoFragmentsIsFollowedUntilNeitherShowsIt(t *testing.T) {
	s := start(t, hub.Options{Hold: time.Minute})
	fragment := func(name, number string, within ...hub.Shown) hub.Fragment {
		return hub.Fragment{
			Body: []byte(`<i id="` + name + `">` + number + `</i>`), ETag: number, Groups: []string{name}, Views: within,
		}
	}
	sent := func(name, number string) string { return `<i hx-swap-oob="true" id="` + name + `">` + number + `</i>` }
	shows := func(name, number string) hub.Shown {
		return hub.Shown{View: hub.View{Reference: name}, ETag: number}
	}
	s.set("price", 1)
	s.put("stock", fragment("stock", "1", shown("price", 1)))
	s.put("list", fragment("list", "1", shows("stock", "1")))
	s.put("offer", fragment("offer", "1"))
	p := s.dial(t, token(shows("list", "1"), shows("offer", "1"), shows("stock", "1"), shown("price", 1)))
	s.change("price", 2)
	p.want(swapped("price", 2)) // which is sent when all are compared with the page

	push := func(name, number string, within ...hub.Shown) {
		t.Helper()
		s.put(name, fragment(name, number, within...))
		s.Invalidate(name)
		p.want(sent(name, number))
	}
	push("offer", "2", shows("stock", "1"))
	push("list", "2")
	s.change("price", 3)
	p.want(swapped("price", 3))
	push("offer", "3")
	eventually(t, "the stock and its price are forgotten", func() bool { return s.Stats().Views == 2 })
}

// TestStylesheetsAreSentToPagesThatLackThem has a fragment deployed with another
// stylesheet.
func TestStylesheetsAreSentToPagesThatLackThem(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("stock", 1)
	put := func(number, style string) {
		s.put("details", details(number, shown("stock", 1), style))
		s.Invalidate("details")
	}
	put("1", "/a.css")
	p := s.dial(t, token(hub.Shown{View: hub.View{Reference: "details"}, ETag: "1"}, shown("stock", 1)))
	eventually(t, "fetched", func() bool { return s.fetches("details") == 1 })
	put("2", "/a.css")
	p.want(`<div hx-swap-oob="true" id="details">2</div>`)
	put("3", `/b.css?"<`)
	p.want(styled(`<link rel="stylesheet" href="/b.css?&#34;&lt;">`, "3"))
	put("4", `/b.css?"<`)
	p.want(`<div hx-swap-oob="true" id="details">4</div>`)
}
