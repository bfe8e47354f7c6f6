package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestFiltersActAtOnce chooses an order and a filter, whose addresses have no empty
// parameters and whose controls have the focus again.
func TestFiltersActAtOnce(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.size(1280, 900)
	b.open("/products?category=kitchen")
	evaluate[bool](b, `{ const s = document.getElementById("productlist-sort"); s.value = "price"; s.dispatchEvent(new Event("change", {bubbles: true})); true }`)
	b.at("/products?category=kitchen&sort=price", "productlist-sort")
	b.do(chromedp.Click(chromedp.CSS("#productlist-stock")))
	b.at("/products?category=kitchen&stock=1&sort=price", "productlist-stock")
}

// at waits for an address, and for the focus on an element of its page.
func (b *browser) at(address, focused string) {
	b.t.Helper()
	eventually(b.t, "the address is "+address+" with the focus on "+focused, func() bool {
		return evaluate[string](b, `location.pathname + location.search + " " + (document.activeElement?.id ?? "")`) == address+" "+focused
	})
}
