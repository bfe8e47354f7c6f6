package main

import (
	"strings"
	"testing"
)

// hears has a page collect what it says to screen readers politely.
func (b *browser) hears() {
	b.t.Helper()
	b.until("the scripts have run", "document.readyState === 'complete' && performance.getEntriesByType('resource').some(e => e.name.includes('/changes.') && e.responseEnd)")
	evaluate[bool](b, `{
		window.heard = [];
		const region = document.getElementById("announcement");
		new MutationObserver(() => heard.push([performance.now(), region.textContent])).observe(region, {childList: true, characterData: true, subtree: true});
		true
	}`)
}

// heard returns the sentences that a page has said.
func (b *browser) heard() string {
	b.t.Helper()
	return strings.Join(evaluate[[]string](b, "heard.map(([, text]) => text)"), "|")
}

// saysPolitely waits for a page to say something.
func (b *browser) saysPolitely(text string) {
	b.t.Helper()
	b.until("the page says "+text, "heard.some(([, said]) => said.includes("+quote(text)+"))")
}

// TestWhatOthersChangeIsSaid has others buy and another tab add, while pages are
// open (WCAG 2.2 §4.1.3).
func TestWhatOthersChangeIsSaid(t *testing.T) {
	everyClient(t, func(t *testing.T, s *testShop, _ *faultProxy, b *browser) {
		b.connected("/cart", "3")
		cart := b.tab()
		cart.open("/cart")
		list := b.tab()
		list.open("/products")
		b.open("/products/1")
		for _, page := range []*browser{b, cart, list} {
			page.hears()
		}
		evaluate[bool](list, "document.querySelector('.productcard a[href=\"/products/1\"]').focus(), true")
		evaluate[bool](b, "document.querySelector('#stock-1 button').focus(), true")
		s.sell("2", "0")
		s.sell("1", "0")
		b.saysPolitely("Café crème mug is sold out.")
		b.until("the focus is near", "document.getElementById('product').contains(document.activeElement)")
		list.saysPolitely("Café crème mug is sold out.")
		s.sell("3", "0")
		cart.saysPolitely("Loden wool blanket: Sold out.")
		if got := b.heard() + list.heard(); strings.Contains(got, "chair") || strings.Contains(got, "blanket") {
			t.Errorf("the pages of others say %q; want nothing that they are not about", got)
		}
		if got := cart.heard(); strings.Contains(got, "mug") {
			t.Errorf("the cart says %q; want nothing of what is not in it", got)
		}
	})
}

// TestAnAdditionFromAnotherTabIsSaid adds in one tab, twice at once. The other tab
// says it, at most once in five seconds, and the first one does not.
func TestAnAdditionFromAnotherTabIsSaid(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, _ *faultProxy, b *browser) {
		for _, width := range []int64{390, 1280} {
			b.size(width, 800)
			b.connected("/products/1")
			other := b.tab()
			other.open("/cart")
			b.hears()
			other.hears()
			before := b.text("#cart-mini")
			b.submit("#stock-1 button")
			other.saysPolitely("Your cart has")
			for range 3 {
				b.submit("#stock-1 button")
			}
			other.until("the last number is said", "heard.at(-1)[1] === 'Your cart has ' + document.getElementById('cart-mini').ariaLabel.slice(6) + ' now.' && heard.length > 1")
			if gaps := evaluate[float64](other, "Math.min(...heard.slice(1).map(([at], i) => at - heard[i][0]))"); gaps < 4900 {
				t.Errorf("two announcements are %.0f ms apart; want 5 s", gaps)
			}
			if got := b.heard(); got != "" {
				t.Errorf("the tab that adds says %q of others, with %s pieces before; want nothing", got, before)
			}
		}
	})
}
