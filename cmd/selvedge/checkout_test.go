package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestTheCheckoutAsksWhereToWriteAndSend fills the form on a phone and on a wide
// screen, with scripts and without.
func TestTheCheckoutAsksWhereToWriteAndSend(t *testing.T) {
	for _, width := range []int64{390, 1280} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d pixels, scripts %t", width, scripts), func(t *testing.T) {
				b := startBrowser(t, startShop(t).url)
				b.size(width, 844)
				b.holding("/cart", "3")
				if !scripts {
					b.withoutScripts()
					b.open("/cart")
				}
				const kinds = `['email', 'country'].map(name => document.querySelector('#checkout [name=' + name + ']')).map(e => e.type + ' ' + e.autocomplete).join()`
				if got := evaluate[string](b, kinds); got != "email email,select-one country-name" {
					t.Errorf("the fields are %s", got)
				}
				b.fillAddress()
				b.fill("[name=email]", "ada@home")
				b.submit("#checkout button")
				b.sees("#checkout-email-message", "name@example.com")
				if got := b.value("checkout-country"); got != "Austria" {
					t.Errorf("the country is %q after a refusal; want Austria", got)
				}
				b.fill("#checkout-email", "ada@example.com")
				if path := b.follow("#checkout button"); !strings.HasPrefix(path, "/orders/") {
					t.Fatalf("the checkout leads to %s; want an order", path)
				}
				b.wants("#order address", "Austria")
			})
		}
	}
}

// order buys a blanket and returns the address of the order.
func (b *browser) order() string {
	b.t.Helper()
	b.holding("/cart", "3")
	b.fillAddress()
	return b.follow("#checkout button")
}

// TestAnOrderIsFoundAgainByItsLink loses the cookies, and restarts the server. The
// key of the link lies with the data.
func TestAnOrderIsFoundAgainByItsLink(t *testing.T) {
	data := t.TempDir()
	first, process := startProcess(t, "serve", "--data", data)
	b := startBrowser(t, first.url)
	b.size(390, 844)
	path := b.order()
	b.wants(".order-next", "We would write to ada@example.com")
	link := evaluate[string](b, "document.querySelector('.order-link a').getAttribute('href')")
	if wide := evaluate[int](b, "document.documentElement.scrollWidth"); wide > 390 {
		t.Errorf("the page of an order is %d pixels wide; want 390", wide)
	}
	_ = process.Kill()
	_, _ = process.Wait()

	s, _ := startProcess(t, "serve", "--data", data)
	for _, test := range []struct {
		path   string
		status int
	}{
		{link, 200}, {link + "A", 404}, {path, 404}, {"/orders/22222-22222-22222", 404},
	} {
		if a := s.page(test.path); a.StatusCode != test.status || strings.Contains(a.body, "Ada") != (test.status == 200) {
			t.Errorf("GET %s = %d; want %d", test.path, a.StatusCode, test.status)
		}
	}
	b.base = s.url
	b.size(1280, 844)
	b.clearCookies()
	b.withoutScripts()
	b.open(link)
	b.wants("#order address", "Ada Lovelace")
}

// TestTheFirstMistakeHasTheFocus has a checkout refused, for the address and for the
// stock, and again for the same.
func TestTheFirstMistakeHasTheFocus(t *testing.T) {
	everyClient(t, func(t *testing.T, s *testShop, _ *faultProxy, b *browser) {
		b.size(390, 844)
		b.connected("/cart", "1", "3")
		b.typeAddress()
		for range 2 {
			b.click("#checkout button")
			b.sees("#notice", "Nothing was ordered")
			b.focusIsOn("checkout-city")
			evaluate[bool](b, "document.querySelector('#checkout button').focus(), true")
		}
		b.fill("[name=city]", "Vienna")
		s.sell("3", "0")
		b.sees("#line-3", "Sold out")
		b.click("#checkout button")
		b.focusIsOn("quantity-3")
	})
	t.Run("without JavaScript", func(t *testing.T) {
		b := startBrowser(t, startShop(t).url)
		b.size(1280, 844)
		b.connected("/cart", "3")
		b.withoutScripts()
		b.open("/cart")
		b.typeAddress()
		b.follow("#checkout button")
		b.focusIsOn("checkout-city")
	})
}

// focusIsOn waits for an element to have the focus, inside of the window.
func (b *browser) focusIsOn(id string) {
	b.t.Helper()
	b.until(id+" has the focus", `(e => {
		const { top, bottom } = e.getBoundingClientRect();
		return e.id === `+quote(id)+` && top >= 0 && bottom <= innerHeight;
	})(document.activeElement)`)
}

// TestMessagesEndWhenTheyAreNoLongerTrue has a checkout refused for the address and
// for the stock, and an addition for the stock, and takes each reason away.
func TestMessagesEndWhenTheyAreNoLongerTrue(t *testing.T) {
	everyClient(t, func(t *testing.T, s *testShop, _ *faultProxy, b *browser) {
		const over = "document.getElementById('notice').innerText.trim() === ''"
		b.size(1280, 844)
		b.connected("/cart", "1", "3")
		b.typeAddress()
		b.click("#checkout button")
		b.sees("#notice", "Nothing was ordered")
		b.rest("POST", "/api/cart", `{"productId":7}`)
		b.sees("#cart", "Closed-back headphones")
		b.wants("#notice", "Nothing was ordered")
		b.wants("#checkout-city-message", "no letters or digits")
		b.fill("[name=city]", "Vienna")
		b.until("the message about the address is over", over)
		b.until("the one beside the field, too", "!document.querySelector('.field-message, #checkout-city[aria-invalid]')")

		s.sell("3", "0")
		b.sees("#line-3", "Sold out")
		b.click("#checkout button")
		b.sees("#notice", "not enough of everything")
		s.sell("3", "5")
		b.until("the message about the stock is over", over)
		b.until("the one beside the line, too", "!document.querySelector('.cart-short')")

		b.size(390, 844)
		s.sell("24", "2")
		b.connected("/products/24")
		b.sees("#stock-24", "Only 2 left")
		b.fill("#quantity", "9")
		b.click("#stock-24 button")
		b.sees("#notice", "Only 2 left")
		s.sell("24", "20")
		b.sees("#stock-24", "In stock")
		b.until("the message about the addition is over", over)
	})
}
