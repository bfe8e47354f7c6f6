package hub_test

import (
	"testing"

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
