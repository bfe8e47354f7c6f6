package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hold keeps requests that forms send in the background until release, and
// counts them.
func (b *browser) hold() {
	b.t.Helper()
	evaluate[bool](b, `
		window.sent = 0;
		window.held = new Promise(resolve => window.release = resolve);
		const send = window.fetch;
		window.fetch = async (url, options) => {
			if (!options.headers["HX-Request"]) return send(url, options);
			window.sent++;
			await window.held;
			return send(url, options);
		};
		true`)
}

func (b *browser) release() {
	b.t.Helper()
	evaluate[bool](b, "release(); true")
}

// TestAChangeIsShownBeforeItsAnswer looks at the cart while its requests are
// held, and after they are answered.
func TestAChangeIsShownBeforeItsAnswer(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	fillCart(b)
	b.live("/cart")
	b.hold()
	b.fill("#quantity-3", "3")
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.Click(chromedp.CSS("form[action='/api/cart/22'] .cart-remove")))
	b.wants("#line-3 .cart-line-total", "€417.00")
	b.wants("#cart-mini", "4")
	for _, css := range []string{".cart-totals", ".checkout-lines", "#checkout > .button"} {
		b.until(css+" is dimmed, for its sums are not known", "getComputedStyle(document.querySelector("+quote(css)+")).opacity < 0.6")
	}
	b.until("the removed line is hidden", "!document.getElementById('line-22').checkVisibility()")
	if got := evaluate[string](b, "document.activeElement.className"); got != "cart-lines" {
		t.Errorf("the focus of the removed line is on %q; want the list of lines", got)
	}
	b.release()
	b.sees(".cart-totals", "€")
	b.until("the answers are there", "!document.querySelector('[aria-busy], #line-22')")
	b.wants("#line-3 .cart-line-total", "€417.00")
	b.wants("#cart-mini", "4")
}

// TestAnOrderWaitsForItsSum has a change of the cart without an answer, at the
// widths of a phone and of a desk, and presses the button of the order meanwhile.
func TestAnOrderWaitsForItsSum(t *testing.T) {
	_, p, b := startFaultyShop(t)
	for _, width := range []int64{390, 1280} {
		b.size(width, 900)
		b.holding("/cart", "3", "1")
		b.fillAddress()
		held := p.hold(1, "POST /api/cart/3")
		b.click("#line-3 [data-step='1']")
		held.await(t, 1)
		b.wants("#line-3 .cart-line-total", "€278.00")
		b.click("#checkout > .button")
		b.until("the order waits", "document.querySelector('#checkout > .button').ariaDisabled === 'true'")
		held.release()
		b.sees("#checkout > .button", "€292.90")
		b.until("the sums are not dimmed any more", "!document.querySelector('[aria-busy], #checkout > [aria-disabled]')")
		b.wants(".cart-totals", "€292.90")
		b.wants(".checkout-lines", "2 × Loden wool blanket")
		if n := p.requests("POST /api/checkout"); n != 0 {
			t.Errorf("%d orders were sent while the sum was not known; want none", n)
		}
		b.rest("DELETE", "/api/cart/3", "{}")
		b.rest("DELETE", "/api/cart/1", "{}")
	}
	b.holding("/cart", "3")
	b.fillAddress()
	if path := b.follow("#checkout > .button"); !strings.HasPrefix(path, "/orders/") {
		t.Errorf("the button leads to %s; want an order", path)
	}
}

// TestAnAdditionCountsAtOnce adds several times while nothing is answered, has one
// addition come by a push before its answer, and has one refused.
func TestAnAdditionCountsAtOnce(t *testing.T) {
	_, p, b := startFaultyShop(t)
	for _, width := range []int64{390, 1280} {
		b.size(width, 800)
		b.live("/products/20") // of which there are 3
		held := p.hold(2, "POST /api/cart")
		b.click("#stock-20 button")
		b.click("#stock-20 button")
		b.wants("#cart-mini", "2")
		held.await(t, 2)
		held.release()
		b.settled()
		b.wants("#cart-mini", "2")

		late := p.holdAnswers(1, "POST /api/cart")
		b.click("#stock-20 button")
		late.await(t, 1)
		b.until("the push is there", "document.getElementById('cart-mini').ariaLabel === 'Cart, 3 pieces'")
		b.wants("#cart-mini", "3")
		late.release()
		b.settled()
		b.wants("#cart-mini", "3")

		refused := p.hold(1, "POST /api/cart")
		b.click("#stock-20 button")
		refused.await(t, 1)
		b.wants("#cart-mini", "4")
		refused.release()
		b.sees("#notice", "Only 3 left; 3 are in your cart")
		b.wants("#cart-mini", "3")
		b.rest("DELETE", "/api/cart/20", "{}")
		b.sees("#cart-mini", "0")
	}
}

// TestARefusedChangeIsTakenBack asks for what the server does not do.
func TestARefusedChangeIsTakenBack(t *testing.T) {
	tests := []struct {
		name, wanted, spoil, change, says string
	}{
		{"a quantity that is refused", "500", "document.getElementById('quantity-3').max = 1000",
			"", "between 1 and 99"},
		{"a removal that is not answered", "", "window.fetch = async () => { throw new TypeError('gone') }",
			"form[action='/api/cart/3'] .cart-remove", "does not answer"},
		{"a quantity that a proxy answers", "5", "window.fetch = async () => new Response('<h1>Bad gateway</h1>', {status: 502})",
			"", "did not work"},
	}
	s := startShop(t)
	b := startBrowser(t, s.url)
	fillCart(b)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b.live("/cart")
			before := b.text(".cart-lines")
			evaluate[any](b, test.spoil)
			if test.wanted != "" {
				b.fill("#quantity-3", test.wanted)
				b.press(kb.Enter)
			} else {
				b.click(test.change)
			}
			b.sees("#notice", test.says)
			if after := b.text(".cart-lines"); after != before {
				t.Errorf("the lines read %q; want %q", after, before)
			}
			b.wants("#cart-mini", "6")
			if got := evaluate[string](b, "document.getElementById('quantity-3').value"); got != "1" {
				t.Errorf("the quantity is %s; want it taken back to 1", got)
			}
			if got := evaluate[string](b, "document.activeElement.id + document.activeElement.innerText"); got != "quantity-3" && got != "Remove" {
				t.Errorf("the focus is on %q; want what was used", got)
			}
		})
	}
}

// TestAThingIsSentOnce clicks as impatient people do on what is done once, and
// types faster than the answers come.
func TestAThingIsSentOnce(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/cart", "3", "1")
		held := p.hold(1, "POST /api/cart/3")
		for _, quantity := range []string{"2", "2", "3", "4", "4"} {
			b.fill("#quantity-3", quantity)
			b.press(kb.Enter)
		}
		held.await(t, 1)
		held.release()
		b.settled()
		b.sees("#cart-mini", "5")
		if n := p.requests("POST /api/cart/3"); n != 2 {
			t.Errorf("%d requests were sent for 2, 2, 3, 4 and 4 pieces; want the first and the last", n)
		}
		removal := p.hold(1, "POST /api/cart/1")
		b.do(chromedp.Evaluate[chromedp.Void]("for (let i = 0; i < 3; i++) document.querySelector(\"form[action='/api/cart/1'] .cart-remove\").click()"))
		removal.await(t, 1)
		removal.release()
		b.settled()
		if n := p.requests("POST /api/cart/1"); n != 1 || b.text("#notice") != "" {
			t.Errorf("%d requests were sent for a removal that was clicked three times, and the page says %q; want 1 and nothing", n, b.text("#notice"))
		}
	})
}

// TestARefusalIsSaidOnThePage asks for what is not there any more, and fills a
// form badly.
func TestARefusalIsSaidOnThePage(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	b := startBrowser(t, s.url)
	b.open("/products?transport=none") // the page does not hear of the sale
	s.sell("1", "0")
	b.submit("#stock-1 button")
	b.sees("#notice", "sold out")
	b.submit("#stock-3 button")
	b.sees("#cart-mini", "1")
	b.click("#notice button")
	b.until("the message is dismissed", "document.getElementById('notice').innerText === ''")

	b.live("/cart")
	b.fillAddress()
	b.fill("[name=city]", "!")
	b.submit("#checkout button")
	b.sees("#notice", "Nothing was ordered")
	b.sees("#checkout-city-message", "no letters or digits")
	if got := evaluate[string](b, "document.getElementById('checkout-name').value"); got != "Ada Lovelace" {
		t.Errorf("the name is %q after the refusal; want it kept", got)
	}
	b.fill("[name=city]", "Vienna")
	if path := b.follow("#checkout button"); !strings.HasPrefix(path, "/orders/") {
		t.Errorf("the checkout leads to %s; want an order", path)
	}
}
