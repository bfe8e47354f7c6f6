package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// by waits until a page is live by a transport: ws, sse or poll.
func (b *browser) by(transport string) {
	b.t.Helper()
	b.until("the page is live by "+transport, "document.querySelector('#live-status[data-transport="+transport+"]') !== null")
	b.isLive()
}

const wake = "document.dispatchEvent(new Event('visibilitychange'))"

// TestAConnectionThatDiedInItsSleepIsFoundOnWaking drops what is sent on the
// connection of a page, and then a person comes back to it.
func TestAConnectionThatDiedInItsSleepIsFoundOnWaking(t *testing.T) {
	for _, transport := range []string{"ws", "sse"} {
		t.Run(transport, func(t *testing.T) {
			s, p, b := startFaultyShop(t, "--admin-token", adminToken)
			b.live("/products/1?transport=" + transport)
			b.by(transport)
			p.sleep()
			evaluate[bool](b, wake)
			s.sell("1", "2")
			b.sees("#stock-1", "Only 2 left")
			b.by(transport)
			s.sell("1", "1")
			b.sees("#stock-1", "Only 1 left")
		})
	}
}

// TestATransportThatSwallowsMessagesIsLeftAtOnce has proxies open connections and
// hold back what they carry.
func TestATransportThatSwallowsMessagesIsLeftAtOnce(t *testing.T) {
	s, p, b := startFaultyShop(t, "--admin-token", adminToken)
	p.swallow(-1, "GET /live websocket")
	b.live("/products/1")
	b.by("sse")
	s.sell("1", "3")
	b.sees("#stock-1", "Only 3 left")
	p.swallow(-1, "GET /live events")
	b.live("/products/1")
	b.by("poll")
	s.sell("1", "2")
	b.sees("#stock-1", "Only 2 left")
}

// TestOneRefusedAttemptLeavesTheTransport refuses a connection once, as a server
// does that has just started.
func TestOneRefusedAttemptLeavesTheTransport(t *testing.T) {
	_, p, b := startFaultyShop(t)
	p.answer(1, "GET /live websocket", 503, "not yet")
	b.live("/products/1")
	b.by("ws")
	if n := p.requests("GET /live events"); n != 0 {
		t.Errorf("the page opened %d event streams; want none for one refusal", n)
	}
	if n := p.requests("GET /live websocket"); n != 2 {
		t.Errorf("the page tried WebSockets %d times; want 2", n)
	}
	p.answer(2, "GET /live websocket", 503, "never")
	b.open("/products/1")
	b.by("sse")
}

// TestAnAnswerOfSomebodyElseIsAFailure has a filter and a login page answer in the
// place of the server.
func TestAnAnswerOfSomebodyElseIsAFailure(t *testing.T) {
	for name, foreign := range map[string]struct {
		status int
		body   string
	}{
		"a filter":     {403, "<h1>Forbidden</h1>"},
		"a login page": {200, "<!DOCTYPE html><h1 id=cart-mini hx-swap-oob=true>Welcome to the hotel</h1>"},
	} {
		t.Run(name, func(t *testing.T) {
			_, p, b := startFaultyShop(t)
			b.live("/products/1")
			var faults []*fault
			for _, request := range []string{"GET /live websocket", "GET /live events", "GET /live poll"} {
				faults = append(faults, p.answer(-1, request, foreign.status, foreign.body))
			}
			b.open("/products/1")
			b.sees("#live-status", "Offline")
			b.wants("#cart-mini", "Cart")
			for _, f := range faults {
				p.lift(f)
			}
			b.click("#live-status button")
			b.isLive()
			b.by("ws")
		})
	}
}

// TestEightPagesShareTheConnectionsOfABrowser opens more pages with event streams
// than a browser has connections to a host.
func TestEightPagesShareTheConnectionsOfABrowser(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	first := startBrowser(t, s.url)
	pages := []*browser{first}
	for range 7 {
		pages = append(pages, first.tab())
	}
	transports := make(map[string]int)
	for _, b := range pages {
		b.live("/products/1?transport=sse")
		transports[evaluate[string](b, "document.getElementById('live-status').dataset.transport")]++
	}
	if transports["sse"] != 3 || transports["poll"] != 5 {
		t.Errorf("the pages are live by %v; want 3 event streams, and 5 that poll", transports)
	}
	s.sell("1", "2")
	for _, b := range pages {
		b.sees("#stock-1", "Only 2 left")
	}
}

// TestAHiddenPageGivesItsEventStreamBack hides one of three pages with streams.
func TestAHiddenPageGivesItsEventStreamBack(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	hidden := startBrowser(t, s.url)
	hidden.beforeScripts("window.isHidden = false; Object.defineProperty(document, 'hidden', {get: () => window.isHidden})")
	hidden.live("/products/1?transport=sse")
	hidden.by("sse")
	for range 2 {
		other := hidden.tab()
		other.live("/products?transport=sse")
		other.by("sse")
	}
	evaluate[bool](hidden, "window.isHidden = true, "+wake)
	last := hidden.tab()
	last.open("/cart")
	last.until("a stream is given back", "navigator.locks.query().then(all => all.held.length === 2)")
	last.live("/products?transport=sse")
	last.by("sse")

	s.sell("1", "2")
	evaluate[bool](hidden, "window.isHidden = false, "+wake)
	hidden.by("poll")
	hidden.sees("#stock-1", "Only 2 left")
}

// TestTheStatusIsSaidOnce counts what a screen reader would say of a connection
// that is well, when a person comes back to its page.
func TestTheStatusIsSaidOnce(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.beforeScripts(`
		window.pongs = 0;
		const Real = WebSocket;
		window.WebSocket = function (url) {
			const socket = new Real(url);
			socket.addEventListener("message", (event) => event.data === "pong" && setTimeout(() => pongs++));
			return socket;
		}`)
	b.live("/products/1")
	b.until("it is asked once", "pongs === 1")
	evaluate[bool](b, `window.said = 0; new MutationObserver(all => said += all.length)
		.observe(document.querySelector("#live-status [role=status]"), {childList: true, characterData: true, subtree: true}); true`)
	for _, pongs := range []string{"2", "3"} {
		evaluate[bool](b, wake)
		b.until("it is asked again", "pongs === "+pongs)
	}
	if n := evaluate[int](b, "said"); n != 0 {
		t.Errorf("the status is written %d times though it is what it was", n)
	}
}

// TestReconnectKeepsTheFocus presses the button, which then goes away.
func TestReconnectKeepsTheFocus(t *testing.T) {
	data := t.TempDir()
	s, process := startProcess(t, "serve", "--data", data)
	b := startBrowser(t, s.url)
	b.beforeScripts("let tries = 0; Math.random = () => tries++ && 1000") // it does not come back by itself
	b.live("/products/1")
	if err := process.Signal(os.Kill); err != nil {
		t.Fatal(err)
	}
	b.sees("#live-status", "Reconnect")
	b.sees("#live-status", "Offline")
	startProcessAt(t, strings.TrimPrefix(s.url, "http://"), "serve", "--data", data)
	b.do(chromedp.Focus(chromedp.CSS("#live-status button")))
	b.press(kb.Enter)
	b.isLive()
	b.until("the button is gone", "!document.querySelector('#live-status button').checkVisibility()")
	if got := evaluate[string](b, "document.activeElement.id || document.activeElement.nodeName"); got != "live-status" {
		t.Errorf("the focus is on %s; want it on the status", got)
	}
}

// TestOneTabTooManyPolls opens a tab more than a session may have connections for.
// It has the place of one that is hidden.
func TestOneTabTooManyPolls(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken, "--live-per-session", "2")
	first := startBrowser(t, s.url)
	first.beforeScripts("window.isHidden = false; Object.defineProperty(document, 'hidden', {get: () => window.isHidden})")
	first.live("/products/1")
	second := first.tab()
	second.live("/products/1")
	last := second.tab()
	last.live("/products/1")
	last.by("poll")
	last.sees("#live-status", "Not live")
	if !evaluate[bool](last, "document.querySelector('footer').contains(document.getElementById('live-status')) && getComputedStyle(document.getElementById('live-status')).position === 'static'") {
		t.Error("the status is over the page; want it in the footer")
	}
	s.sell("1", "2")
	last.sees("#stock-1", "Only 2 left")

	evaluate[bool](first, "window.isHidden = true, "+wake)
	last.faster("40")
	last.live("/products/1")
	last.by("ws")
	second.by("ws")
	evaluate[bool](first, "window.isHidden = false, "+wake)
	first.by("poll")
}

// TestAPageIsKeptWhereTheServerDoesNotAnswer presses the buttons of a page that is
// offline.
func TestAPageIsKeptWhereTheServerDoesNotAnswer(t *testing.T) {
	for _, width := range []int64{390, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			_, p, b := startFaultyShop(t)
			b.size(width, 844)
			b.beforeScripts("let tries = 0; Math.random = () => tries++ && 1000") // it does not come back by itself
			b.faster("1")
			b.holding("/cart", "3")
			b.fill("#checkout-name", "Ada Lovelace")
			evaluate[bool](b, `window.said = []; new MutationObserver((_, status) => said.push(document.querySelector("#live-status [role=status]").innerText))
				.observe(document.querySelector("#live-status [role=status]"), {childList: true, characterData: true, subtree: true}); true`)
			var faults []*fault
			for _, request := range []string{"GET /live websocket", "GET /live events", "GET /live poll", "HEAD /cart"} {
				faults = append(faults, p.cut(-1, request))
			}
			evaluate[bool](b, "sockets.forEach((socket) => socket.close()), true")
			b.sees("#live-status", "Offline")
			b.coversNothing()
			for _, button := range []string{"Reconnect", "Refresh"} {
				evaluate[bool](b, "said = [], [...document.querySelectorAll('#live-status button')].find(b => b.innerText === "+quote(button)+").click(), true")
				b.until(button+" says what came of it", `said.join() === "Trying to connect,Still offline"`)
			}
			if got := b.value("checkout-name"); got != "Ada Lovelace" {
				t.Errorf("the name is %q; want what was typed", got)
			}
			for _, f := range faults {
				p.lift(f)
			}
			b.arrive(chromedp.Click(chromedp.CSS("#live-status button:last-child")))
			b.isLive()
		})
	}
}

// coversNothing checks that no field and no button of the main part lies behind the
// status of the connection: at the top of the page, and where it has the focus.
func (b *browser) coversNothing() {
	b.t.Helper()
	covered := evaluate[string](b, `(() => {
		const status = document.getElementById("live-status"), covered = []
		const overlaps = (el) => {
			const a = el.getBoundingClientRect(), b = status.getBoundingClientRect()
			return a.width && a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top
		}
		const all = [...document.querySelectorAll("main :is(input, select, button, a):not([type=hidden])")]
		scrollTo(0, 0)
		covered.push(...all.filter(overlaps))
		for (const el of all) {
			el.scrollIntoView({ block: "nearest" })
			if (overlaps(el)) covered.push(el)
		}
		return covered.map((el) => el.outerHTML.slice(0, 80)).join("\n")
	})()`)
	if covered != "" {
		b.t.Errorf("the status covers\n%s", covered)
	}
}
