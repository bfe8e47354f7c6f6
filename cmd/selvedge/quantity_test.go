package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// setQuantity types the quantity of a line and has it saved: by the Enter key,
// or without scripts by the button for that.
func (b *browser) setQuantity(product, quantity string) {
	b.t.Helper()
	b.fill("#quantity-"+product, quantity)
	if !b.scripts {
		b.follow(".cart-update")
		return
	}
	b.press(kb.Enter)
	b.settled()
}

// typeAndLeave types a quantity and leaves the page at once.
const typeAndLeave = `
	const field = document.getElementById("quantity-3")
	field.focus()
	field.value = "4"
	field.dispatchEvent(new Event("input", {bubbles: true}))
	document.querySelector(".brand").click()`

// TestQuantitiesSaveThemselves changes a quantity in each way, and presses
// nothing else.
func TestQuantitiesSaveThemselves(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/cart", "3", "1")
		more := "#line-3 [data-step='1']"
		for _, step := range []struct {
			name  string
			do    func()
			wants string
		}{
			{"a pause in typing", func() { b.fill("#quantity-3", "5") }, "3×5 1×1"},
			{"the Enter key", func() { b.fill("#quantity-3", "6"); b.press(kb.Enter) }, "3×6 1×1"},
			{"leaving the field", func() { b.fill("#quantity-3", "7"); b.press(kb.Tab) }, "3×7 1×1"},
			{"one step less", func() { b.click("#line-3 [data-step='-1']") }, "3×6 1×1"},
			{"three quick steps more", func() { b.click(more); b.click(more); b.click(more) }, "3×9 1×1"},
			{"a step less than one", func() { b.click("#line-1 [data-step='-1']"); b.fill("#quantity-3", "2") }, "3×2 1×1"},
			{"leaving the page", func() { b.arrive(chromedp.Evaluate[chromedp.Void](typeAndLeave)) }, "3×4 1×1"},
		} {
			// The next page asks again, with the same key, if the last one was left
			// before the answer came.
			count := p.requests
			if step.name == "leaving the page" {
				count = p.wishes
			}
			before := count("POST /api/cart/3")
			step.do()
			eventually(t, step.name+" brings "+step.wants, func() bool { return b.cart() == step.wants })
			if n := count("POST /api/cart/3") - before; n != 1 {
				t.Errorf("%s sends %d requests; want 1", step.name, n)
			}
		}
		if path := act(b, chromedp.Location()); strings.Contains(path, "/orders/") {
			t.Errorf("the page is %s; want none of these to place an order", path)
		}
	})
}

// TestAQuantityThatWasSavedFollowsOthers has a tab set another quantity after
// this one has saved what was typed in it.
func TestAQuantityThatWasSavedFollowsOthers(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, _ *faultProxy, b *browser) {
		b.connected("/cart", "3")
		b.fill("#quantity-3", "5")
		b.sees("#cart-mini", "5")
		b.rest("PATCH", "/api/cart/3", `{"quantity":2}`)
		b.sees("#cart-mini", "2")
		if got := b.value("quantity-3"); got != "2" {
			t.Errorf("the quantity is %s; want that of the other tab", got)
		}
		b.wants(".checkout-lines", "2 ×")
	})
}

// TestAnOrderIsOfWhatOneSees types a quantity and places the order without
// pressing anything for it, with scripts and without.
func TestAnOrderIsOfWhatOneSees(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			s := startShop(t)
			b := startBrowser(t, s.url)
			b.holding("/cart", "3")
			if !scripts {
				b.withoutScripts()
				b.open("/cart")
			}
			b.wants(".checkout-lines", "1 × Loden wool blanket")
			b.fillAddress()
			b.fill("#quantity-3", "5")
			if scripts {
				b.click("#checkout button")
				b.settled()
				b.sees("#checkout > .button", "€695.00") // which nobody had seen when the button was pressed
			} else {
				b.follow("#checkout button")
				b.wants("#checkout-problem", "Loden wool blanket: you saw 5, your cart has 1.")
				b.setQuantity("3", "5")
				b.fillAddress()
			}
			b.sees(".checkout-lines", "5 × Loden wool blanket")
			b.follow("#checkout button")
			b.wants(".order-lines", "5 × Loden wool blanket")
		})
	}
}

// TestQuantitiesSayWhatBecameOfThem saves a quantity, and asks for more than there
// is of a product of which there are 2: by typing, and step by step.
func TestQuantitiesSayWhatBecameOfThem(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, _ *faultProxy, b *browser) {
		for _, width := range []int64{390, 1280} {
			b.size(width, 800)
			b.connected("/cart", "24", "1")
			b.fill("#quantity-1", "3")
			b.sees("#added[role=status]", "Saved 3 × Café crème mug")
			b.until("the panel is in the window", isSeen("#added .note"))
			b.fill("#quantity-24", "9")
			b.sees("#notice", "Saddle leather satchel: Only 2 left; 1 is in your cart.")
			b.until("the message is in the window", isSeen("#notice > div"))
			b.until("the quantity is taken back", "document.getElementById('quantity-24').value === '1'")
			b.click("#line-24 [data-step='1']")
			b.sees("#line-24", "These are the last 2.")
			b.until("there is no more", "document.querySelector('#line-24 [data-step=\"1\"]').ariaDisabled === 'true'")
			b.click("#line-24 [data-step='1']")
			b.settled()
			if got := b.cart(); got != "24×2 1×3" {
				t.Errorf("the cart has %s; want 24×2 1×3", got)
			}
			b.click("#line-1 .cart-remove")
			b.sees("#added", "Removed from cart Café crème mug")
			b.rest("DELETE", "/api/cart/24", "{}")
		}
	})
}
