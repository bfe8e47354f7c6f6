package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestShopping goes shopping in a real browser, with and without JavaScript:
// search, filter, open a product, add two, change a quantity, remove, check out.
func TestShopping(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		name := map[bool]string{true: "with JavaScript", false: "without JavaScript"}[scripts]
		t.Run(name, func(t *testing.T) {
			s := startShop(t)
			b := startBrowser(t, s.url)
			b.size(1280, 900)
			if !scripts {
				b.withoutScripts()
			}
			goShopping(t, b)
		})
	}
}

func goShopping(t *testing.T, b *browser) {
	b.open("/products")
	b.fill("#q", "café")
	b.arrive(chromedp.KeyEvent(kb.Enter))
	b.wants("h1", "café")

	if path := b.follow(".productlist-categories a[href*='category=kitchen']"); !strings.Contains(path, "q=caf%C3%A9") {
		t.Errorf("the category leads to %s; want the search kept", path)
	}
	b.wants("h1", "café")
	b.wants(".productlist-grid", "Café crème mug")
	b.follow(".productlist-grid a[href='/products/1']")
	b.wants("h1", "Café crème mug")

	b.fill("input[name=quantity]", "2")
	b.submit("button[name=productId]")
	b.wants("#cart-mini", "2")
	b.open("/products/3")
	b.submit("button[name=productId]")
	b.wants("#cart-mini", "3")

	b.follow("#cart-mini")
	b.wants("h1", "Your cart")
	b.wants("main", "€29.80") // two mugs
	b.setQuantity("1", "3")
	b.wants("main", "€44.70")
	b.submit("form[action='/api/cart/3'] .cart-remove")
	if strings.Contains(b.text("main"), "Loden wool blanket") {
		t.Errorf("the removed product is still in the cart")
	}
	b.wants("main", "€4.90") // shipping, below €50
	b.wants("main", "€49.60")

	b.fill("input[name=name]", "Ada Lovelace")
	b.fill("input[name=email]", "ada@example.com")
	b.fill("input[name=street]", "Main Street 1")
	b.fill("input[name=postalCode]", "1010")
	b.fill("input[name=city]", "Vienna")
	b.fill("[name=country]", "Austria")
	if path := b.follow("#checkout button"); !strings.HasPrefix(path, "/orders/") {
		t.Fatalf("the checkout leads to %s; want an order\n%s", path, b.text("main"))
	}
	b.wants("main", "Ada Lovelace")
	b.wants("main", "€49.60")
	b.wants("#cart-mini", "0")
}

// TestShoppingWithTheKeyboardAlone presses nothing but keys, from the list to
// the order.
func TestShoppingWithTheKeyboardAlone(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.size(1280, 900)
	b.open("/products")
	b.press(kb.Tab)
	b.press(kb.Enter) // the skip link
	b.tabTo("a[href='/products/1']")
	b.arrive(chromedp.KeyEvent(kb.Enter))
	b.tabTo("button[name=productId]")
	b.press(kb.Enter)
	b.sees("#cart-mini", "1")
	b.tabTo("#cart-mini")
	b.arrive(chromedp.KeyEvent(kb.Enter))
	for _, field := range []struct{ name, text string }{
		{"name", "Ada Lovelace"}, {"email", "ada@example.com"}, {"street", "Main Street 1"}, {"postalCode", "1010"}, {"city", "Vienna"}, {"country", "Austria"},
	} {
		b.tabTo("[name=" + field.name + "]")
		b.press(field.text)
	}
	b.tabTo("#checkout button")
	if path := b.arrive(chromedp.KeyEvent(kb.Enter)); !strings.HasPrefix(path, "/orders/") {
		t.Errorf("the keyboard leads to %s; want an order\n%s", path, b.text("main"))
	}
}
