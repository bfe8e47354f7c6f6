package main

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// live opens a page and waits until it says that it is kept true.
func (b *browser) live(path string) {
	b.t.Helper()
	b.open(path)
	b.isLive()
}

// isLive waits until a page says that it is kept true. Before its first
// connection, the status has the word too, but is hidden.
func (b *browser) isLive() {
	b.t.Helper()
	b.until("the page is live", "document.querySelector('#live-status:is([data-state=live], [data-state=polling])') !== null")
}

// sell sets the stock of a product, as a sale to somebody else does.
func (s *testShop) sell(id, left string) {
	s.t.Helper()
	res := s.do(http.MethodPatch, "/api/products/"+id+"/stock", `{"stock":`+left+`}`,
		"Content-Type", "application/json", "Accept", "application/json", "Authorization", "Bearer "+adminToken)
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("setting the stock: %d %s; want 200", res.StatusCode, res.body)
	}
}

func TestTabsOnOneCartAgree(t *testing.T) {
	s := startShop(t)
	product := startBrowser(t, s.url)
	product.live("/products/1")
	cart := product.tab()
	cart.live("/cart")

	product.submit("button[name=productId]")
	product.sees("#cart-mini", "1")
	cart.sees("#cart-mini", "1")
	cart.sees("#cart", "Café crème mug")
	cart.sees(".cart-totals", "€19.80")

	cart.setQuantity("1", "4")
	product.sees("#cart-mini", "4")
	cart.sees(".cart-totals", "€59.60")

	cart.submit(".cart-remove")
	product.sees("#cart-mini", "0")
	cart.sees("#cart", "nothing in it")
}

func TestTheLastPieceIsSoldOnEveryPage(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	list := startBrowser(t, s.url)
	list.live("/products")
	product := list.tab()
	product.live("/products/1")
	s.sell("1", "0")
	for name, b := range map[string]*browser{"list": list, "product": product} {
		b.sees("#stock-1", "Sold out")
		if b.text("h1") == "" || evaluate[int](b, "document.querySelectorAll('[id=stock-1]').length") != 1 {
			t.Errorf("the %s is not what it was around the stock", name)
		}
	}
}

// TestAPushLeavesThePersonAlone types into a form of the cart while another
// tab changes the cart.
func TestAPushLeavesThePersonAlone(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	fillCart(b)
	b.size(390, 600)
	b.live("/cart")
	b.setQuantity("3", "7")
	b.sees("#cart-mini", "12")
	b.fill("#checkout-name", "Ada Lovelace")
	b.do(chromedp.KeyEvent(kb.ArrowLeft), chromedp.KeyEvent(kb.ArrowLeft))
	const state = `[Math.round(field.getBoundingClientRect().top), document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart,
		document.getElementById("quantity-3").value, document.activeElement === field].join()`
	evaluate[bool](b, "window.field = document.activeElement; field.scrollIntoView(); true")
	before := evaluate[string](b, state)

	other := b.tab()
	other.open("/cart")
	other.submit("form[action='/api/cart/7'] .cart-remove")
	b.until("the line goes away", "!document.getElementById('line-7')")
	b.sees("#cart-mini", "11")
	if after := evaluate[string](b, state); after != before || !strings.Contains(before, "checkout-name,Ada Lovelace,10,7,true") {
		t.Errorf("place, focus, text, caret, quantity are %s after a push; want %s", after, before)
	}
}

// TestPagesOutliveTheServer kills the server under an open page, which tries
// to come back once, in vain, and then waits until it is told to.
func TestPagesOutliveTheServer(t *testing.T) {
	data := t.TempDir()
	s, process := startProcess(t, "serve", "--data", data, "--admin-token", adminToken)
	b := startBrowser(t, s.url)
	b.size(1280, 900)
	b.beforeScripts("let tries = 0; Math.random = () => tries++ && 1000")
	b.live("/products/1")
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
	b.sees("#live-status", "Offline")
	b.sees("#live-status", "Reconnect")
	b.sees("#live-status", "Refresh")
	b.do(chromedp.Click(chromedp.CSS("button[name=productId]")))
	b.sees("#notice", "does not answer")

	again, _ := startProcessAt(t, strings.TrimPrefix(s.url, "http://"), "serve", "--data", data, "--admin-token", adminToken)
	again.sell("1", "3")
	b.do(chromedp.Click(chromedp.CSS("#live-status button")))
	b.isLive()
	b.sees("#stock-1", "Only 3 left")
	again.sell("1", "2")
	b.sees("#stock-1", "Only 2 left")
	if got := evaluate[bool](b, "document.querySelector('#live-status button').checkVisibility()"); got {
		t.Error("a page that is live offers to reconnect")
	}
}

// TestAPageComesBackByItself stops the server properly, and touches nothing.
func TestAPageComesBackByItself(t *testing.T) {
	data := t.TempDir()
	s, process := startProcess(t, "serve", "--data", data, "--admin-token", adminToken)
	b := startBrowser(t, s.url)
	b.live("/products")
	if err := process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	b.sees("#live-status", "Offline")
	again, _ := startProcessAt(t, strings.TrimPrefix(s.url, "http://"), "serve", "--data", data, "--admin-token", adminToken)
	again.sell("1", "0")
	b.isLive()
	b.sees("#stock-1", "Sold out")
}

// TestALateFragmentArrives has the cart sleep while a page is composed.
func TestALateFragmentArrives(t *testing.T) {
	data := t.TempDir()
	alone, process := startProcess(t, "fragment", "cart", "--data", data)
	s := startShop(t, "--data", data, "--fragment", "cart="+alone.url)
	b := startBrowser(t, s.url)
	b.open("/products")
	freeze(t, process)
	b.open("/products")
	if got := evaluate[bool](b, "document.getElementById('cart-mini').matches(':not([data-revision])')"); !got {
		t.Error("the badge is there, though its fragment sleeps")
	}
	thaw(t, process)
	b.until("the badge arrives", "document.getElementById('cart-mini').matches('[data-revision]')")
	b.until("the form arrives", "document.getElementById('add-to-cart').matches('[data-revision]')")
	b.submit("#stock-1 button")
	b.sees("#cart-mini", "1")
}

// TestATabComesBackToTheTruth leaves a page, changes what it shows, and goes
// Back.
func TestATabComesBackToTheTruth(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	b := startBrowser(t, s.url)
	b.live("/products/1")
	b.open("/fragments/")
	s.sell("1", "1")
	b.do(chromedp.NavigateBack())
	b.isLive()
	b.sees("#stock-1", "Only 1 left")
}

// TestADeadConnectionIsFound has a connection say nothing any more, as one
// through a network that is gone, and the person come back to the tab, to the
// network, and to the page.
func TestADeadConnectionIsFound(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	b := startBrowser(t, s.url)
	b.beforeScripts(`
		window.sockets = [];
		const Real = WebSocket;
		window.pongs = 0;
		window.WebSocket = function (url) {
			const socket = new Real(url);
			socket.addEventListener("message", (event) => event.data === "pong" && setTimeout(() => pongs++));
			return sockets[sockets.push(socket) - 1];
		}`)
	b.live("/products/1")
	evaluate[bool](b, "sockets[0].onmessage = null, true")
	s.sell("1", "2")
	evaluate[bool](b, "document.dispatchEvent(new Event('visibilitychange'))")
	b.sees("#stock-1", "Only 2 left")
	b.until("there is another connection", "sockets.length === 2 && sockets[0].readyState > 1 && sockets[1].readyState === 1")
	s.sell("1", "1")
	b.sees("#stock-1", "Only 1 left")
	evaluate[bool](b, "pongs = 0, document.dispatchEvent(new Event('visibilitychange'))")
	b.until("the connection is checked", "pongs === 1")
	evaluate[bool](b, "dispatchEvent(new Event('offline'))")
	b.sees("#live-status", "Offline")
	evaluate[bool](b, "dispatchEvent(new Event('online'))")
	b.isLive()
	if n := evaluate[int](b, "sockets.length"); n != 2 {
		t.Errorf("%d connections were made; want the second one kept, since it is well", n)
	}

	evaluate[bool](b, "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
	b.until("a hidden page has no connection", "sockets.every(s => s.readyState > 1)")
	s.sell("1", "3")
	evaluate[bool](b, "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
	b.sees("#stock-1", "Only 3 left")
}

// TestTheScriptGivesWayToHTMX has both on a page.
func TestTheScriptGivesWayToHTMX(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.beforeScripts("window.htmx = {}")
	b.open("/products/1")
	b.follow("button[name=productId]") // as a plain form
	b.wants("#cart-mini", "1")
	if evaluate[bool](b, "document.getElementById('live-status').checkVisibility()") {
		t.Error("the page has a connection of our script")
	}
}

func TestTransportsFallBack(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken, "--dev")
	tests := []struct{ transport, says string }{
		{"ws", "Live"},
		{"sse", "Live"},
		{"poll", "Not live, updated every 5 seconds"},
	}
	b := startBrowser(t, s.url)
	for _, test := range tests {
		t.Run(test.transport, func(t *testing.T) {
			s.sell("1", "9")
			b.open("/products/1?transport=" + test.transport)
			b.until(test.transport+" is used", "document.querySelector('#live-status[data-transport="+test.transport+"]') !== null")
			b.sees("#live-status", test.says)
			s.sell("1", "2")
			b.sees("#stock-1", "Only 2 left")
		})
	}
	t.Run("by the switch", func(t *testing.T) {
		b.live("/products/1")
		for _, choice := range []struct{ value, transport, says string }{
			{"sse", "sse", "Live"}, {"none", "none", "Offline"}, {"poll", "poll", "Not live, updated every 5 seconds"}, {"ws", "ws", "Live"},
		} {
			evaluate[bool](b, "s = document.getElementById('live-failure'), s.value = '"+choice.value+"', s.dispatchEvent(new Event('change'))")
			b.until(choice.value+" leads to "+choice.transport, "document.querySelector('#live-status[data-transport="+choice.transport+"]') !== null")
			b.sees("#live-status", choice.says)
		}
	})
}
