package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// startFaultyShop starts a shop, and a browser that reaches it through a proxy
// with faults.
func startFaultyShop(t *testing.T, args ...string) (*testShop, *faultProxy, *browser) {
	t.Helper()
	s := startShop(t, args...)
	p := startFaultProxy(t, s.url)
	return s, p, startBrowser(t, p.url)
}

// click clicks without waiting for what comes of it.
func (b *browser) click(css string) {
	b.t.Helper()
	b.takenUp(css)
	b.do(chromedp.Click(chromedp.CSS(css)))
}

// settled waits until every request of the page has an answer.
func (b *browser) settled() {
	b.t.Helper()
	b.until("the requests are answered", "!document.querySelector('[aria-busy]')")
}

// cart returns the quantities in the cart of the browser's session.
func (b *browser) cart() string {
	b.t.Helper()
	return evaluate[string](b, `fetch("/api/cart", {headers: {Accept: "application/json"}}).then(answer => answer.json())
		.then(cart => cart.lines.map(line => line.productId + "×" + line.quantity).join(" "))`)
}

const remove = "form[action='/api/cart/%s'] .cart-remove"

// TestGuessesAreTakenBackInTheirOwnOrder has two removals under way, both of
// which fail.
func TestGuessesAreTakenBackInTheirOwnOrder(t *testing.T) {
	_, p, b := startFaultyShop(t)
	b.holding("/cart", "3", "1")
	first, second := p.holdAndCut(-1, "POST /api/cart/3"), p.holdAndCut(-1, "POST /api/cart/1")
	b.click(fmt.Sprintf(remove, "3"))
	b.click(fmt.Sprintf(remove, "1"))
	b.wants("#cart-mini", "0")
	first.release()
	second.release()
	b.settled()
	b.wants("#cart-mini", "2")
	for _, line := range []string{"line-3", "line-1"} {
		if !evaluate[bool](b, "document.getElementById("+quote(line)+").checkVisibility()") {
			t.Errorf("#%s is not shown again", line)
		}
	}
}

// TestAPushIsShownBelowAGuess has the cart change while a change of it is under
// way, which then fails.
func TestAPushIsShownBelowAGuess(t *testing.T) {
	_, p, b := startFaultyShop(t)
	b.holding("/cart", "3", "1")
	held := p.hold(1, "POST /api/cart/3")
	b.click(fmt.Sprintf(remove, "3"))
	held.await(t, 1)
	b.rest("POST", "/api/cart", `{"productId":7}`)
	b.sees("#cart", "Closed-back headphones")
	b.wants("#cart-mini", "2")
	b.rest("POST", "/api/cart", `{"productId":1,"quantity":4}`)
	b.sees("#line-1 .cart-line-total", "€74.50")
	b.wants("#cart-mini", "6") // of 7 pieces, without the one that is to be removed
	held.release()
	b.settled()
	b.wants("#cart-mini", "6")
	if got := b.cart(); got != "1×5 7×1" {
		t.Errorf("the cart holds %s; want the line removed", got)
	}
}

// TestWhatIsTypedBeforeTheAnswerStays types a quantity, sends it, and types
// another before the answer.
func TestWhatIsTypedBeforeTheAnswerStays(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/cart", "3")
		held := p.holdAnswers(1, "POST /api/cart/3")
		b.fill("#quantity-3", "3")
		b.press(kb.Enter)
		held.await(t, 1)
		b.do(chromedp.Evaluate[chromedp.Void]("document.getElementById('quantity-3').select()"))
		b.fill("#quantity-3", "1")
		held.release()
		b.settled()
		b.sees("#cart-mini", "3")
		if got := b.value("quantity-3"); got != "1" {
			t.Errorf("the quantity is %s after the answer; want what was typed", got)
		}
		b.press(kb.Enter)
		b.sees("#cart-mini", "1")
	})
}

// TestFastHandsAddWhatTheyClick clicks six times in a moment, and the first
// click has no answer for long.
func TestFastHandsAddWhatTheyClick(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/products")
		held := p.hold(1, "POST /api/cart")
		for range 6 {
			b.click("#stock-1 button")
		}
		b.click("#stock-3 button")
		b.sees("#cart-mini", "6") // all but the one that hangs
		held.release()
		b.sees("#cart-mini", "7")
		if got := b.cart(); !strings.Contains(got, "1×6") || !strings.Contains(got, "3×1") {
			t.Errorf("the cart holds %s; want 1×6 3×1", got)
		}
	})
}

// TestNothingIsLostOnLeaving leaves a page while its requests are under way or
// still waiting.
func TestNothingIsLostOnLeaving(t *testing.T) {
	_, p, b := startFaultyShop(t)
	b.holding("/cart", "3", "1", "7")
	held := p.hold(1, "POST /api/cart/3")
	cut := p.cut(1, "POST /api/cart/7")
	b.fill("#quantity-3", "5")
	b.press(kb.Enter)
	held.await(t, 1)
	b.fill("#quantity-3", "4")
	b.press(kb.Enter) // waits for the first
	b.click(fmt.Sprintf(remove, "1"))
	b.click(fmt.Sprintf(remove, "7"))
	cut.await(t, 1)
	b.follow(".brand")
	held.release()
	eventually(t, "the cart is as it was left", func() bool { return b.cart() == "3×4" })
	b.sees("#cart-mini", "4")
}

// TestALeftPageAsksOnlyForWhatIsNotKept leaves a page with a request that waits,
// with and without a place to keep it.
func TestALeftPageAsksOnlyForWhatIsNotKept(t *testing.T) {
	_, p, b := startFaultyShop(t)
	b.holding("/cart", "3")
	const asks = `!dispatchEvent(new Event("beforeunload", {cancelable: true}))`
	if evaluate[bool](b, asks) {
		t.Error("the page asks though nothing is under way")
	}
	held := p.hold(1, "POST /api/cart/3")
	for _, quantity := range []string{"2", "3"} {
		b.fill("#quantity-3", quantity)
		b.press(kb.Enter)
	}
	held.await(t, 1)
	if evaluate[bool](b, asks) {
		t.Error("the page asks though the tab keeps what waits")
	}
	evaluate[bool](b, `Storage.prototype.setItem = () => { throw new Error("full") }, true`)
	if !evaluate[bool](b, asks) {
		t.Error("the page does not ask though what waits would be lost")
	}
	held.release()
	b.settled()
	b.sees("#cart-mini", "3")
	if evaluate[bool](b, asks) {
		t.Error("the page asks though everything is answered")
	}
}

// TestAFailureStaysSaid has one thing fail and another be done.
func TestAFailureStaysSaid(t *testing.T) {
	everyClient(t, func(t *testing.T, s *testShop, p *faultProxy, b *browser) {
		for _, transport := range []string{"websocket", "events", "poll"} { // the page does not hear of the sale
			p.refuse("GET /live " + transport)
		}
		b.connected("/products")
		s.sell("1", "0")
		b.submit("#stock-1 button")
		b.sees("#notice", "Add to cart: Café crème mug")
		b.sees("#notice", "sold out")
		b.submit("#stock-3 button")
		b.sees("#cart-mini", "1")
		b.wants("#notice", "sold out")
		b.submit("#stock-1 button")
		if n := evaluate[int](b, "document.getElementById('notice').children.length"); n != 1 {
			t.Errorf("the page has %d messages after the same failure twice; want 1", n)
		}
		s.sell("1", "5")
		b.submit("#stock-1 button")
		b.until("the message is gone with its reason", "document.getElementById('notice').innerText === ''")

		s.sell("1", "0")
		b.submit("#stock-1 button")
		b.sees("#notice", "sold out")
		b.click("#notice button")
		b.until("the message is dismissed", "document.getElementById('notice').innerText === ''")
		if got := evaluate[string](b, "document.activeElement.nodeName"); got == "BODY" {
			t.Error("the focus is nowhere after a message was dismissed")
		}
	})
}

// TestALostAnswerIsAskedForAgain drops the first answers to what is done.
func TestALostAnswerIsAskedForAgain(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/products")
		p.dropAnswers(1, "POST /api/cart")
		b.submit("#stock-1 button")
		b.sees("#cart-mini", "1")
		if got := b.text("#notice"); got != "" {
			t.Errorf("the page says %q of what was done after all", got)
		}
		lost := p.dropAnswers(-1, "POST /api/cart")
		b.submit("#stock-1 button")
		b.sees("#notice", "Add to cart: Café crème mug The server does not answer")
		p.end(lost)
		b.click("#notice button")
		b.settled()
		b.until("the message is gone", "document.getElementById('notice').innerText === ''")
		if got := b.cart(); got != "1×2" {
			t.Errorf("the cart holds %s; want 1×2 for two clicks", got)
		}
	})
}

// TestAGatewayThatFailsIsAskedAgain has a gateway answer in the place of the shop,
// once and until the page says so.
func TestAGatewayThatFailsIsAskedAgain(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/products")
		p.answerAsGateway(1, "POST /api/cart")
		b.submit("#stock-1 button")
		b.sees("#cart-mini", "1")
		if got := b.text("main") + b.text("#notice"); strings.Contains(got, "Bad gateway") || strings.Contains(got, "did not work") {
			t.Errorf("the page says %q of what was done after all", got)
		}
		failing := p.answerAsGateway(-1, "POST /api/cart")
		b.submit("#stock-1 button")
		b.sees("#notice", "Add to cart: Café crème mug That did not work")
		p.end(failing)
		b.click("#notice button")
		b.sees("#cart-mini", "2")
		b.until("the message is gone", "document.getElementById('notice').innerText === ''")
	})
}

// TestAFormWhoseRequestIsOpenIsNotReplaced has a push arrive while a checkout
// is under way.
func TestAFormWhoseRequestIsOpenIsNotReplaced(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/cart", "3")
		b.typeAddress()
		b.fill("[name=city]", "Vienna")
		const fields = `[...document.querySelectorAll("#checkout input")].map(el => el.value).join("|")`
		before := evaluate[string](b, fields)
		held := p.hold(1, "POST /api/checkout")
		b.click("#checkout button")
		held.await(t, 1)
		b.rest("POST", "/api/cart", `{"productId":1}`)
		b.sees("#cart", "Café crème mug")
		if got := evaluate[string](b, fields); got != before {
			t.Errorf("the form has %q after a push; want %q until its answer", got, before)
		}
		held.release()
		b.sees("#notice", "Your cart has changed")
		if got := evaluate[string](b, fields); got == before || !strings.Contains(got, "Ada Lovelace|ada@example.com|Main Street 1|1010|Vienna") {
			t.Errorf("the form has %q after the answer; want the address, and the version of the cart that is shown", got)
		}
		if path := b.follow("#checkout button"); !strings.HasPrefix(path, "/orders/") {
			t.Errorf("the checkout leads to %s; want an order", path)
		}
	})
}

// TestAFormIsReplacedWhenItsAnswerIsLost has a push arrive while a checkout is
// under way, which is never answered.
func TestAFormIsReplacedWhenItsAnswerIsLost(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/cart", "3")
		b.typeAddress()
		b.fill("[name=city]", "Vienna")
		cut := p.holdAndCut(-1, "POST /api/checkout")
		b.click("#checkout button")
		cut.await(t, 1)
		b.rest("POST", "/api/cart", `{"productId":1}`)
		b.sees("#cart", "Café crème mug")
		cut.release()
		b.sees("#notice", "The server does not answer")
		p.end(cut)
		b.sees(".checkout-lines", "Café crème mug")
		if path := b.follow("#checkout button"); !strings.HasPrefix(path, "/orders/") {
			t.Errorf("the checkout leads to %s; want an order of the cart that is shown", path)
		}
		b.wants("main", "Vienna")
	})
}

// TestACheckoutWhoseAnswerWasLostLeadsToItsOrder drops the answer once, and as
// often as the page asks by itself, after which the person presses again.
func TestACheckoutWhoseAnswerWasLostLeadsToItsOrder(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		for _, test := range []struct {
			name   string
			losses int // negative: until the page says so
			again  string
		}{
			{"once", 1, "#checkout button"},
			{"for long, and Try again", -1, "#notice button"},
			{"for long, and the form once more", -1, "#checkout button"},
		} {
			t.Run(test.name, func(t *testing.T) {
				b.connected("/cart", "3")
				b.typeAddress()
				b.fill("[name=city]", "Vienna")
				lost := p.dropAnswers(test.losses, "POST /api/checkout")
				// The page does not hear that its cart is empty.
				evaluate[bool](b, `document.getElementById("cart").dataset.revision = 1e9, true`)
				if test.losses < 0 {
					b.submit("#checkout button")
					b.sees("#notice", "The server does not answer")
					p.end(lost)
				}
				path := b.follow(test.again)
				if !strings.HasPrefix(path, "/orders/") {
					t.Fatalf("the checkout leads to %s; want its order\n%s", path, b.text("body"))
				}
				b.wants("main", "Vienna")
			})
		}
	})
}

// TestFastChangesOfALineFollowEachOther changes a quantity twice, and removes
// another line, before the first answer.
func TestFastChangesOfALineFollowEachOther(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/cart", "3", "1")
		held := p.hold(1, "POST /api/cart/3")
		b.fill("#quantity-3", "2")
		b.press(kb.Enter)
		held.await(t, 1)
		for _, quantity := range []string{"3", "4", "5"} {
			b.fill("#quantity-3", quantity)
			b.press(kb.Enter)
		}
		b.click(fmt.Sprintf(remove, "1"))
		eventually(t, "the other line does not wait", func() bool { return b.cart() == "3×1" })
		held.release()
		eventually(t, "the last change is made", func() bool { return b.cart() == "3×5" })
		b.sees("#cart-mini", "5")
		if got := b.value("quantity-3"); got != "5" {
			t.Errorf("the quantity is %s; want what was typed last", got)
		}
		if got := b.text("#notice"); got != "" {
			t.Errorf("the page says %q; want every change made", got)
		}
		if n := p.requests("POST /api/cart/3"); n != 2 {
			t.Errorf("%d requests were sent for 2, 3, 4 and 5 pieces; want the first and the last", n)
		}
	})
}
