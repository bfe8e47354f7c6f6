package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// notesEvents has every page collect the events of selvedge.js and of the shop, each as
// its type, the id of its target, and what a script of the page would read of its detail.
func (b *browser) notesEvents() {
	b.t.Helper()
	b.beforeScripts(`
		window.events = [];
		for (const type of ["selvedge:message", "selvedge:swapped", "selvedge:state", "selvedge:error", "cart-updated", "inventory-updated"]) {
			addEventListener(type, ({ target, detail }) => events.push([type, target.id ?? target.nodeName, JSON.stringify(detail, (name, value) =>
				name === "revision" || name === "version" ? typeof value : name === "epoch" ? undefined : value instanceof Element ? value.isConnected : value)].join(" ")), true);
		}`)
}

// events waits for the events that begin with a text, and returns them.
func (b *browser) events(prefix string, n int) []string {
	b.t.Helper()
	found := "events.filter(event => event.startsWith(" + quote(prefix) + "))"
	b.until("the page has heard of "+prefix, found+".length >= "+string(rune('0'+n)))
	return evaluate[[]string](b, found)
}

func TestAPageHearsOfItsSwaps(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	b := startBrowser(t, s.url)
	b.notesEvents()
	for transport, source := range map[string]string{"ws": "push", "sse": "push", "poll": "poll"} {
		t.Run(transport, func(t *testing.T) {
			s.sell("1", "9")
			b.open("/products/1?transport=" + transport)
			b.by(transport)
			evaluate[bool](b, "events = [], true")
			s.sell("1", "0")
			b.sees("#stock-1", "Sold out")
			want := []string{
				`selvedge:message stock-1 {"id":"stock-1","revision":"number","groups":[],"element":false}`,
				`selvedge:swapped stock-1 {"id":"stock-1","revision":"number","source":"` + source + `"}`,
				`inventory-updated stock-1 {"productId":1,"inStock":false,"source":"` + source + `"}`,
			}
			if diff := cmp.Diff(want, evaluate[[]string](b, "events.slice(0, 3)")); diff != "" {
				t.Errorf("events of a sale (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPageHearsOfItsAnswers(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.notesEvents()
	b.beforeScripts("window.WebSocket = window.EventSource = undefined; setInterval = () => 0")
	b.open("/products/3?transport=none")
	b.submit("#stock-3 button")
	b.sees("#cart-mini", "1")
	want := []string{`selvedge:swapped cart-mini {"id":"cart-mini","revision":"number","source":"answer"}`}
	if diff := cmp.Diff(want, b.events("selvedge:swapped cart-mini", 1)); diff != "" {
		t.Errorf("events of an answer (-want +got):\n%s", diff)
	}
	want = []string{`cart-updated cart-mini {"version":"number","count":1,"source":"answer"}`}
	if diff := cmp.Diff(want, b.events("cart-updated", 1)); diff != "" {
		t.Errorf("events of the shop (-want +got):\n%s", diff)
	}
}

// TestAMessageCanBeLeftOut has a script of the page prevent one element of a message, and
// change another.
func TestAMessageCanBeLeftOut(t *testing.T) {
	b := startPushed(t, `<p id=a>1</p><p id=b>1</p><p class=c>1</p>`)
	evaluate[bool](b, `addEventListener("selvedge:message", (event) => {
			if (event.target.id === "a") event.preventDefault();
			if (event.target.id === "b") event.detail.element.textContent += event.detail.groups.join("+");
			if (event.target === document.body) event.detail.element.textContent += event.detail.id;
		}),
		push('<p id=a hx-swap-oob=true>2</p><p id=b data-groups="x y" hx-swap-oob=true>2</p><p id=d hx-swap-oob=innerHTML:.c>2</p>'), true`)
	b.wants("main", "1 2x+y 2d")
	if got := b.events("selvedge:swapped", 2); strings.HasPrefix(got[0], "selvedge:swapped a ") {
		t.Errorf("the page has heard %q; want nothing of what was left out", got)
	}
}

func TestAPageHearsOfItsConnection(t *testing.T) {
	_, p, b := startFaultyShop(t)
	b.notesEvents()
	b.faster("1")
	b.live("/products/1")
	b.by("ws")
	refused := p.cut(-1, "GET /live websocket")
	p.cut(-1, "GET /live events")
	gone := p.cut(-1, "GET /live poll")
	evaluate[bool](b, "sockets.forEach((socket) => socket.close(4000)), true")
	b.sees("#live-status", "Offline")
	p.end(gone)
	b.click("#live-status button")
	b.by("poll")
	p.end(refused)
	want := []string{
		`selvedge:state #document {"state":"live","transport":"ws","ended":false}`,
		`selvedge:state #document {"state":"reconnecting","transport":"none","ended":false}`,
		`selvedge:state #document {"state":"offline","transport":"none","ended":false}`,
	}
	got := b.events("selvedge:state", 4)
	if diff := cmp.Diff(want, got[:3]); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if last := got[len(got)-1]; last != `selvedge:state #document {"state":"polling","transport":"poll","ended":false}` {
		t.Errorf("the last state is %s; want polling", last)
	}
}

func TestAPageHearsThatItsConnectionHasEnded(t *testing.T) {
	b := startPushed(t, ``)
	evaluate[bool](b, `sockets.at(-1).dispatchEvent(new CloseEvent("close", {code: 1008})), true`)
	b.sees("#live-status", "No longer live")
	want := `selvedge:state #document {"state":"offline","transport":"none","ended":true}`
	if got := b.events("selvedge:state", 1); got[len(got)-1] != want {
		t.Errorf("states = %q; want %s at the end", got, want)
	}
}

func TestAPageHearsOfFailures(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.notesEvents()
		b.connected("/products")
		p.answer(1, "POST /api/cart", 500, "a mistake")
		b.submit("#stock-1 button")
		p.cut(-1, "POST /api/cart")
		b.submit("#stock-1 button")
		b.sees("#notice", "The server does not answer")
		want := []string{
			`selvedge:error add-to-cart {"status":500,"kind":"request"}`,
			`selvedge:error add-to-cart {"status":0,"kind":"request"}`,
		}
		if diff := cmp.Diff(want, b.events("selvedge:error", 2)); diff != "" {
			t.Errorf("failures (-want +got):\n%s", diff)
		}
	})
}

// TestABrokenElementOfAMessageIsToldAndTheOthersSwapped sends one whose selector is none.
func TestABrokenElementOfAMessageIsToldAndTheOthersSwapped(t *testing.T) {
	b := startPushed(t, `<p id=a>1</p>`)
	evaluate[bool](b, `push('<p id=x hx-swap-oob="innerHTML:##">2</p><p id=a hx-swap-oob=true>2</p>'), true`)
	b.wants("main", "2")
	want := []string{`selvedge:error #document {"status":0,"kind":"message"}`}
	if diff := cmp.Diff(want, b.events("selvedge:error", 1)); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}
