package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTheButtonIsInTheFirstWindow opens products with short and with long names on
// a phone.
func TestTheButtonIsInTheFirstWindow(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	b.size(390, 844)
	b.open("/products?size=96")
	const longest = `[...document.querySelectorAll('.productcard-name')].sort((a, b) => b.innerText.length - a.innerText.length)
		.slice(0, 3).map(e => e.closest('[href]')?.pathname ?? e.querySelector('[href]').pathname).join()`
	paths := strings.Split(evaluate[string](b, longest), ",")
	for _, path := range append(paths, "/products/1", "/products/22") {
		b.open(path)
		button := evaluate[float64](b, "document.querySelector('#product button[name=productId]').getBoundingClientRect().bottom")
		if button > 844 {
			t.Errorf("%s: the button ends at %.0f pixels; want it in the first 844", path, button)
		}
	}
}

// TestAPictureIsEnlarged opens the picture of a product with the keyboard and closes
// it with Escape, on a phone and on a wide screen, and without scripts follows its
// link.
func TestAPictureIsEnlarged(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	const link = "#product > .productdetails-figure a"
	for _, width := range []int64{390, 1280} {
		b.size(width, 844)
		b.open("/products/1")
		b.until("the scripts have run", "document.readyState === 'complete'")
		before := evaluate[float64](b, "document.querySelector("+quote(link)+").offsetWidth")
		b.do(chromedp.Focus(chromedp.CSS(link)))
		b.press(kb.Enter)
		b.until("the picture is enlarged", "document.querySelector('dialog:modal img')?.complete ?? false")
		if got := evaluate[float64](b, "Math.min(document.querySelector('dialog img').offsetWidth, document.querySelector('dialog img').offsetHeight)"); got <= before {
			t.Errorf("at %d pixels the picture has %.0f instead of %.0f", width, got, before)
		}
		b.press(kb.Escape)
		b.until("the picture is closed and its link has the focus", "!document.querySelector('dialog') && document.activeElement.matches("+quote(link)+")")
		b.click(link)
		b.until("the picture is enlarged again", "document.querySelector('dialog:modal')?.open ?? false")
		b.click("dialog button")
		b.until("the button has closed it", "!document.querySelector('dialog')")
	}
	b.withoutScripts()
	b.open("/products/1")
	if path := b.follow(link); !strings.HasPrefix(path, "/static/pictures/") {
		t.Errorf("without scripts the link leads to %s; want the picture", path)
	}
}

// TestAProductLeadsBackToWhatWasSeen looks at three products, with scripts and
// without.
func TestAProductLeadsBackToWhatWasSeen(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	recent := func() string {
		return evaluate[string](b, "[...(document.querySelector('[aria-labelledby=recent]')?.querySelectorAll('h3 a') ?? [])].map(e => new URL(e.href).pathname).join()")
	}
	b.size(390, 844)
	for _, visit := range []struct{ path, want string }{
		{"/products/1", ""}, {"/products/22", "/products/1"}, {"/products/7", "/products/22,/products/1"}, {"/products/1", "/products/7,/products/22"},
	} {
		b.open(visit.path)
		if got := recent(); got != visit.want {
			t.Errorf("%s: recently seen is %q; want %q", visit.path, got, visit.want)
		}
	}
	b.size(1280, 844)
	b.withoutScripts()
	b.open("/products/3")
	if got := recent(); got != "/products/1,/products/7,/products/22" {
		t.Errorf("without scripts, recently seen is %q", got)
	}

	// Of another visitor nothing is shown, and the product stays the same for all.
	a := s.page("/products/3")
	if a.document(t).Find("[aria-labelledby=recent]").Length() > 0 {
		t.Error("a new visitor has seen products")
	}
	if got := s.page("/fragments/productdetails/products/3").Header.Get("Cache-Control"); !strings.HasPrefix(got, "public") {
		t.Errorf("Cache-Control of the product is %q; want it public", got)
	}
}
