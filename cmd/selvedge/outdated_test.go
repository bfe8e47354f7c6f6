package main

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestThreeTabsOfAFirstVisitAreLive opens a page three times at once in a browser
// without cookies: each is of a session of its own, and one of these stays.
func TestThreeTabsOfAFirstVisitAreLive(t *testing.T) {
	_, p, b := startFaultyShop(t)
	tabs := []*browser{b, b.tab(), b.tab()}
	answers := p.holdAnswers(3, "GET /products/1")
	for i, tab := range tabs { // with addresses of their own, since Chromium asks for the same one after the other
		evaluate[bool](tab, fmt.Sprintf("setTimeout(() => location.assign('%s/products/1?tab=%d')), true", p.url, i))
	}
	answers.await(t, 3)
	answers.release()
	for _, tab := range tabs {
		tab.isLive()
	}
	if n := p.requests("GET /products/1"); n != 5 {
		t.Errorf("the page was requested %d times; want 5: each of the two others loads itself again once", n)
	}
	b.do(addFirst)
	for _, tab := range tabs {
		tab.sees("#cart-mini", "1")
	}
}

// forget ends the session of a browser and begins another one, in another tab.
func (b *browser) forget() {
	b.t.Helper()
	b.clearCookies()
	b.tab().open("/cart")
}

// TestAnOutdatedPageLoadsItselfAgain begins another session beside a page that
// then connects again.
func TestAnOutdatedPageLoadsItselfAgain(t *testing.T) {
	for _, transport := range []string{"ws", "sse"} {
		t.Run(transport, func(t *testing.T) {
			_, p, b := startFaultyShop(t)
			b.live("/products/1?transport=" + transport)
			b.by(transport)
			b.forget()
			evaluate[bool](b, "window.before = true")
			p.sleep()
			evaluate[bool](b, wake)
			b.until("the page is loaded again", "!window.before")
			b.isLive()
			b.by(transport)
		})
	}
}

// TestAnOutdatedPageKeepsWhatWasTyped begins another session beside a form that is
// half filled.
func TestAnOutdatedPageKeepsWhatWasTyped(t *testing.T) {
	_, p, b := startFaultyShop(t)
	b.holding("/cart", "1", "3")
	b.typeAddress()
	b.forget()
	p.sleep()
	evaluate[bool](b, wake)
	b.sees("#notice", "out of date")
	b.sees("#live-status", "No longer live")
	if got := b.value("checkout-name"); got != "Ada Lovelace" {
		t.Errorf("the name is %q; want what was typed", got)
	}
}

// TestAnOutdatedPageLoadsItselfAgainOnce finds each page outdated, as the server does
// in a browser that refuses cookies.
func TestAnOutdatedPageLoadsItselfAgainOnce(t *testing.T) {
	_, p, b := startFaultyShop(t)
	p.add(-1, "GET /live poll", func(_ *fault, w http.ResponseWriter, _ func(http.ResponseWriter)) {
		w.Header().Set("Selvedge-Live", "outdated")
		w.WriteHeader(http.StatusForbidden)
	})
	b.open("/products/1?transport=poll")
	b.until("the page is loaded again", "performance.getEntriesByType('navigation')[0].type === 'reload'")
	b.sees("#live-status", "No longer live")
	if n := p.requests("GET /products/1"); n != 2 {
		t.Errorf("the page was requested %d times; want 2", n)
	}
}

// TestAPageConnectsWithTheTokenThatItWasSent has the server send one in the answer
// to a poll.
func TestAPageConnectsWithTheTokenThatItWasSent(t *testing.T) {
	_, p, b := startFaultyShop(t)
	p.add(1, "GET /live poll", func(_ *fault, w http.ResponseWriter, _ func(http.ResponseWriter)) {
		w.Header().Set("Selvedge-Live", "open")
		_, _ = io.WriteString(w, `<div id="live" ws-connect="?page=sent" hx-swap-oob="true"></div>`)
	})
	p.add(-1, "GET /live poll", func(_ *fault, w http.ResponseWriter, _ func(http.ResponseWriter)) {
		w.Header().Set("Selvedge-Live", "open")
		w.WriteHeader(http.StatusNotModified)
	})
	b.live("/products/1?transport=poll")
	b.until("the page uses the token", "performance.getEntriesByType('resource').some(({name}) => name === location.origin + '/live?page=sent&renew=true')")
}

// TestAnOutdatedPageSaysSoUnderHTMX begins another session beside a page that then
// connects again.
func TestAnOutdatedPageSaysSoUnderHTMX(t *testing.T) {
	for _, client := range clients {
		t.Run(client.version, func(t *testing.T) {
			var args []string
			for _, script := range client.scripts {
				args = append(args, "--script", tool(t, script))
			}
			_, p, b := startFaultyShop(t, args...)
			f := p.answer(-1, "GET /live websocket", http.StatusServiceUnavailable, "not yet")
			b.open("/products/1")
			f.await(t, 1)
			b.forget()
			p.lift(f)
			b.sees("#live-message", "This page is out of date. Load the page again")
			b.renewed(chromedp.Click(chromedp.CSS("#live-message a")))
			b.do(addFirst)
			b.sees("#cart-mini", "1")
		})
	}
}
