package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// rest sends JSON from the page, as another tab of the same person does.
func (b *browser) rest(method, path, body string) {
	b.t.Helper()
	status := evaluate[int](b, `fetch(`+quote(path)+`, {method: `+quote(method)+`, body: `+quote(body)+`,
		headers: {"Accept": "application/json", "Content-Type": "application/json"}}).then(answer => answer.status)`)
	if status >= 400 {
		b.t.Fatalf("%s %s is %d", method, path, status)
	}
}

func (b *browser) value(id string) string {
	b.t.Helper()
	return evaluate[string](b, "document.getElementById("+quote(id)+").value")
}

// fillAddress fills the checkout.
func (b *browser) fillAddress() {
	b.t.Helper()
	for field, text := range map[string]string{"name": "Ada Lovelace", "email": "ada@example.com", "street": "Main Street 1", "postalCode": "1010", "city": "Vienna", "country": "Austria"} {
		b.fill("[name="+field+"]", text)
	}
}

// typeAddress fills the checkout, with a city that is refused.
func (b *browser) typeAddress() {
	b.t.Helper()
	b.fillAddress()
	b.fill("[name=city]", "!")
}

// keepsAddress checks what typeAddress has typed, and that what is wrong with
// it is said.
func (b *browser) keepsAddress(after string) {
	b.t.Helper()
	if got := b.value("checkout-name") + ", " + b.value("checkout-city"); got != "Ada Lovelace, !" {
		b.t.Errorf("the name and the city are %q after %s; want what was typed", got, after)
	}
	b.wants("#checkout-city-message", "no letters or digits")
	if got := evaluate[string](b, `document.getElementById("checkout-city").getAttribute("aria-describedby")`); got != "checkout-city-message" {
		b.t.Errorf("the city is described by %q after %s; want its message", got, after)
	}
}

// holding opens a page with products in the cart.
func (b *browser) holding(path string, products ...string) {
	b.t.Helper()
	b.open("/cart")
	for _, id := range products {
		b.rest("POST", "/api/cart", `{"productId":`+id+`}`)
	}
	b.live(path)
}

// TestARefusedAddressStays has the cart change after a checkout was refused.
func TestARefusedAddressStays(t *testing.T) {
	everyClient(t, func(t *testing.T, s *testShop, _ *faultProxy, b *browser) {
		b.connected("/cart", "3")
		b.typeAddress()
		b.submit("#checkout button")
		b.keepsAddress("the refusal")
		b.rest("POST", "/api/cart", `{"productId":1}`)
		b.sees("#cart", "Café crème mug")
		b.keepsAddress("a push")
		s.sell("1", "0")
		b.sees("#line-1", "Sold out")
		b.keepsAddress("another push")
		b.submit("form[action='/api/cart/1'] .cart-remove")
		b.until("the line is gone", "!document.getElementById('line-1')")
		b.keepsAddress("a change in the page itself")
		b.fill("[name=city]", "Vienna")
		if path := b.follow("#checkout button"); !strings.HasPrefix(path, "/orders/") {
			t.Errorf("the checkout leads to %s; want an order", path)
		}
	})
}

// TestARefusedAddressStaysInAPageOfItsOwn has the checkout refused before the
// script is there to send it.
func TestARefusedAddressStaysInAPageOfItsOwn(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.holding("/cart", "3", "1")
	b.typeAddress()
	evaluate[bool](b, `document.getElementById("checkout").removeAttribute("hx-post"), true`)
	b.follow("#checkout button")
	b.keepsAddress("the refusal")
	b.submit("form[action='/api/cart/1'] .cart-remove")
	b.until("the line is gone", "!document.getElementById('line-1')")
	b.keepsAddress("a change of the cart")
}

// TestWhatIsTypedOutlivesItsForm has another tab empty the cart, with which the
// form goes away, and fill it again.
func TestWhatIsTypedOutlivesItsForm(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.holding("/cart", "3")
	b.fill("#checkout-name", "Ada Lovelace")
	b.rest("DELETE", "/api/cart/3", "{}")
	b.until("the form is gone", "!document.getElementById('checkout')")
	b.rest("POST", "/api/cart", `{"productId":1}`)
	b.until("the form is back", "document.getElementById('checkout') !== null")
	if got := b.value("checkout-name"); got != "Ada Lovelace" {
		t.Errorf("the name is %q; want what was typed", got)
	}
}

// TestWhatWasSentIsTheServersAgain adds several pieces of a product, whose
// field shows afterwards what a page that is loaded again shows.
func TestWhatWasSentIsTheServersAgain(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.live("/products/1")
	b.fill("#quantity", "5")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.sees("#cart-mini", "5")
	b.until("the form is as it was", "document.getElementById('quantity').value === '1'")
}
