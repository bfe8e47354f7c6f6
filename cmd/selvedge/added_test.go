package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAddingShowsThatItWorked adds from the middle of a list, at the widths of a
// phone and of a desk: a panel in the window says what was added, and leads to the
// cart. The focus stays where it was.
func TestAddingShowsThatItWorked(t *testing.T) {
	everyClient(t, func(t *testing.T, _ *testShop, _ *faultProxy, b *browser) {
		for _, width := range []int64{390, 1280} {
			b.size(width, 800)
			b.connected("/products")
			evaluate[bool](b, "document.querySelector('#stock-12 button').focus(), true")
			b.click("#stock-12 button")
			b.sees("#added[role=status]", "Added to cart")
			b.wants("#added", "1 × "+b.text(".productcard:has(#stock-12) .productcard-name"))
			b.until("the panel is in the window", isSeen("#added .note"))
			b.until("the picture is there", "document.querySelector('#added img').complete")
			if !evaluate[bool](b, isSeen("#cart-mini")) && width == 390 {
				t.Error("the cart is not in the window of a phone")
			}
			if got := evaluate[string](b, "document.activeElement.value"); got != "12" {
				t.Errorf("the focus is on %q; want the button that was pressed", got)
			}
			first := evaluate[string](b, "document.querySelector('#added .note').id")
			b.click("#stock-12 button")
			b.until("the next panel is another one", "document.querySelector('#added .note').id !== "+quote(first))
			evaluate[bool](b, "document.getAnimations().forEach(a => a.finish()), true")
			b.until("the panel is gone", "!document.querySelector('#added *')")
		}
		b.click("#stock-12 button")
		if path := b.follow("#added a"); path != "/cart" {
			t.Errorf("the panel leads to %s; want the cart", path)
		}
	})
}

// isSeen is a script that is true if an element is whole in the window, and
// nothing covers it.
func isSeen(css string) string {
	return `(el => {
		const {left, right, top, bottom} = el.getBoundingClientRect();
		return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight &&
			el.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
	})(document.querySelector(` + quote(css) + `))`
}

// TestAFormTellsWhatItAddedWithoutScripts looks at the page that a form returns
// to.
func TestAFormTellsWhatItAddedWithoutScripts(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	b.withoutScripts()
	for _, width := range []int64{390, 1280} {
		b.size(width, 800)
		b.open("/products?category=kitchen&page=1")
		b.submit("#stock-1 button")
		b.wants("#added", "Added to cart 1 × Café crème mug")
		b.wants("h1", "Kitchen")
		if path := b.follow("#added a"); path != "/cart" {
			t.Errorf("the note leads to %s; want the cart", path)
		}
		b.open("/products/24")
		b.fill("#quantity", "9") // there are 2
		b.submit("#stock-24 button")
		b.wants("main", "Saddle leather satchel: Only 2 left.")
		b.open("/cart")
		b.wants("#cart", "Café crème mug")
		b.setQuantity("1", "3")
		b.wants("#added", "Your quantities are saved")
		b.setQuantity("1", "99")
		b.wants("#cart-problem", "Café crème mug: Only 86 left")
		b.open("/cart")
		b.submit("#line-1 .cart-remove")
		b.wants("#added", "Removed from cart Café crème mug")
	}
}

// TestMoreThanThereIsIsSaidAtOnce asks for 9 of a product of which there are 2.
func TestMoreThanThereIsIsSaidAtOnce(t *testing.T) {
	everyClient(t, func(t *testing.T, s *testShop, _ *faultProxy, b *browser) {
		for _, width := range []int64{390, 1280} {
			b.size(width, 800)
			b.connected("/products/24")
			b.fill("#quantity", "9")
			b.submit("#stock-24 button")
			b.sees("#notice", "Saddle leather satchel: Only 2 left")
			b.until("the message is in the window", isSeen("#notice > div"))
			b.fill("#quantity", "2")
			b.submit("#stock-24 button")
			b.sees("#cart-mini", "2")
			b.submit("#stock-24 button")
			b.sees("#notice", "Saddle leather satchel: Only 2 left; 2 are in your cart.")
			b.wants("#cart-mini", "2")
			if got := b.cart(); got != "24×2" {
				t.Errorf("the cart has %s; want 24×2", got)
			}
			b.rest("DELETE", "/api/cart/24", "{}")
		}
	})
}

// TestTheHeaderStaysOnAPhone scrolls far down: the name and the cart stay above the
// page, and leave it most of the window. What gets the focus is below them.
func TestTheHeaderStaysOnAPhone(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	for _, view := range []struct {
		width, height int64
		stays         bool
	}{{320, 640, true}, {390, 844, true}, {844, 390, false}, {1280, 900, false}} {
		b.size(view.width, view.height)
		b.open("/products")
		b.do(chromedp.Evaluate[chromedp.Void]("scrollTo(0, 3000)"))
		b.until("the page is scrolled", "scrollY > 500")
		if stays := evaluate[bool](b, isSeen("#cart-mini")); stays != view.stays {
			t.Errorf("at %d by %d, the cart is in the window: %t; want %t", view.width, view.height, stays, view.stays)
		}
		if !view.stays {
			continue
		}
		if tall := evaluate[int64](b, "document.querySelector('.site-bar').offsetHeight"); 8*tall > view.height {
			t.Errorf("at %d by %d, the bar is %d tall; want an eighth at most", view.width, view.height, tall)
		}
		for range 8 {
			b.do(chromedp.Evaluate[chromedp.Void](`{
				const links = [...document.querySelectorAll(".productcard a")];
				links[links.indexOf(document.activeElement) - 1 < 0 ? links.length - 1 : links.indexOf(document.activeElement) - 1].focus();
			}`))
			if hidden := evaluate[float64](b, "document.activeElement.getBoundingClientRect().top - document.querySelector('.site-bar').getBoundingClientRect().bottom"); hidden < 0 {
				t.Errorf("at %d by %d, what has the focus is %.0f pixels behind the bar", view.width, view.height, -hidden)
			}
		}
	}
}
