package cart_test

import (
	"strings"
	"testing"

	"selvedge/fragments/fragmentstest"
)

// No order exists that every test knows, so the path of orders has no sample.
func TestTheContractIsKept(t *testing.T) {
	fragmentstest.Lint(t, open(t).Fragment, "sample")
}

func TestTheCartStandsInAPage(t *testing.T) {
	mugs, pot := fragmentstest.Form("/api/cart", "productId=1&quantity=2"), fragmentstest.Form("/api/cart", "productId=2")
	page := fragmentstest.InPage(t, open(t).Fragment, "/cart", mugs, pot)
	if lines := page.Find("main li.cart-line").Length(); lines != 2 {
		t.Errorf("the page has %d lines; want the mugs and the pot", lines)
	}
}

func TestOpenPagesAreSentTheBadge(t *testing.T) {
	frame := fragmentstest.Push(t, open(t).Fragment, "/mini", fragmentstest.Form("/api/cart", "productId=1&quantity=2"))
	if !strings.Contains(frame, `id="cart-mini"`) || !strings.Contains(frame, "data-pieces>2<") {
		t.Errorf("the open page is sent %s; want the badge with two mugs", frame)
	}
}
