package main

import "testing"

type clientTest func(t *testing.T, s *testShop, p *faultProxy, b *browser)

// everyClient runs a test with our script and with those of others, in a browser
// that reaches a shop through a proxy with faults.
func everyClient(t *testing.T, test clientTest) {
	t.Run("selvedge.js", func(t *testing.T) { withClient(t, nil, test) })
	everyHTMX(t, test)
}

// everyHTMX runs a test with the scripts of others.
func everyHTMX(t *testing.T, test clientTest) {
	for _, client := range clients {
		t.Run("htmx "+client.version, func(t *testing.T) { withClient(t, client.scripts, test) })
	}
}

func withClient(t *testing.T, scripts []string, test clientTest) {
	args := []string{"serve", "--admin-token", adminToken}
	for _, script := range scripts {
		args = append(args, "--script", tool(t, script))
	}
	s, p, b := startFaultyShop(t, args...)
	test(t, s, p, b)
}

// connected opens a page with products in the cart, whatever its client is, and
// waits for a push.
func (b *browser) connected(path string, products ...string) {
	b.t.Helper()
	b.open("/cart")
	for _, id := range products {
		b.rest("POST", "/api/cart", `{"productId":`+id+`}`)
	}
	b.open(path)
	b.until("the scripts have run", "document.readyState === 'complete'")
}

// TestALateAnswerDoesNotTakeBackAPush holds the answer to an addition, while
// another tab adds more.
func TestALateAnswerDoesNotTakeBackAPush(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/products/1")
		held := p.holdAnswers(1, "POST /api/cart")
		b.click("#stock-1 button")
		held.await(t, 1)
		b.sees("#cart-mini", "1")
		p.end(held)
		b.rest("POST", "/api/cart", `{"productId":1,"quantity":4}`)
		b.sees("#cart-mini", "5")
		evaluate[bool](b, `window.seen = [], new MutationObserver(() => seen.push(document.getElementById("cart-mini").innerText)).observe(document.body, {childList: true, subtree: true, characterData: true}), true`)
		held.release()
		b.sees("#added", "In your cart: 1 piece")
		b.wants("#cart-mini", "5")
		for _, text := range evaluate[[]string](b, "seen") {
			if text != evaluate[string](b, "document.getElementById('cart-mini').innerText") {
				t.Errorf("the badge read %q after the late answer; want it as it was", text)
			}
		}
	})
}

// TestATypedQuantityAndItsFocusStay has pushes arrive while a person types.
func TestATypedQuantityAndItsFocusStay(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, _ *faultProxy, b *browser) {
		b.connected("/cart", "3", "1")
		b.fill("#quantity-1", "5")
		b.rest("POST", "/api/cart", `{"productId":7}`)
		b.sees("#cart", "Closed-back headphones")
		if got := evaluate[string](b, "[document.activeElement.id, document.activeElement.value].join()"); got != "quantity-1,5" {
			t.Errorf("the focus and what is typed there are %s after a push; want quantity-1,5", got)
		}
	})
}

// TestTheFocusIsNeverNowhere has the server take away what has the focus.
func TestTheFocusIsNeverNowhere(t *testing.T) {
	everyClient(t, func(t *testing.T, s *testShop, _ *faultProxy, b *browser) {
		b.connected("/products", "3")
		evaluate[bool](b, "document.querySelector('#stock-1 button').focus(), true")
		s.sell("1", "0")
		b.sees("#stock-1", "Sold out")
		b.until("the focus is near", "document.getElementById('stock-1').contains(document.activeElement)")

		b.open("/cart")
		b.until("the scripts have run", "document.readyState === 'complete'")
		evaluate[bool](b, "document.getElementById('quantity-3').focus(), true")
		b.rest("DELETE", "/api/cart/3", "{}")
		b.sees("#cart", "There is nothing in it yet")
		b.until("the focus is near", "document.getElementById('cart').contains(document.activeElement)")
	})
}

// TestEveryClickCounts clicks six times while the first request is held.
func TestEveryClickCounts(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/products/1")
		held := p.hold(1, "POST /api/cart")
		for range 6 {
			b.click("#stock-1 button")
		}
		held.await(t, 1)
		held.release()
		b.sees("#cart-mini", "6")
	})
}
