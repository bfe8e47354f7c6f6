package main

import "testing"

// TestLargeTextKeepsWordsWhole sets the text to twice its size on a phone. A name
// has less than three lines for each of its words then, and nothing leaves the
// window.
func TestLargeTextKeepsWordsWhole(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	b.size(390, 900)
	b.open("/")
	evaluate[string](b, "document.documentElement.style.fontSize = '200%'")
	if tall := evaluate[string](b, `[...document.querySelectorAll('.productcard-name')].filter(e =>
		e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight) > 1.5 * e.innerText.split(' ').length).map(e => e.innerText).join('; ')`); tall != "" {
		t.Errorf("names with a line for a few letters each: %s", tall)
	}
	if wide := evaluate[int](b, "document.documentElement.scrollWidth"); wide > 390 {
		t.Errorf("the page is %d pixels wide; want 390", wide)
	}
}

// TestTheSearchFieldHasRoom wants room for some fifteen letters at each width.
func TestTheSearchFieldHasRoom(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	for _, width := range []int64{320, 390, 480, 560, 640, 768, 1024, 1280, 1920} {
		b.size(width, 900)
		b.open("/")
		if got := evaluate[float64](b, "document.querySelector('.site-search input').clientWidth"); got < 160 {
			t.Errorf("at %d pixels the search field is %.0f wide; want 160 at least", width, got)
		}
		if wide := evaluate[int64](b, "document.documentElement.scrollWidth"); wide > width {
			t.Errorf("at %d pixels the page is %d wide", width, wide)
		}
	}
}

// TestForcedColorsTellInStockFromSoldOut wants the mark of a stock, which is full
// or empty, to keep its filling.
func TestForcedColorsTellInStockFromSoldOut(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	b.media("", "forced-colors", "active")
	for _, path := range []string{"/", "/products/2"} {
		b.open(path)
		if got := evaluate[string](b, "getComputedStyle(document.querySelector('.stock-in'), '::before').forcedColorAdjust"); got != "none" {
			t.Errorf("%s: forced-color-adjust of the mark is %s; want none", path, got)
		}
	}
}

// TestPaperHasNothingToPress prints a cart: its lines and its sum.
func TestPaperHasNothingToPress(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	b.open("/products/2")
	b.submit("#product button[name=productId]")
	b.open("/cart")
	b.media("print", "prefers-color-scheme", "dark")
	if shown := evaluate[int](b, "[...document.querySelectorAll('button, .button, .site-search, .checkout, #live-status')].filter(e => e.checkVisibility()).length"); shown > 0 {
		t.Errorf("%d things to press are printed", shown)
	}
	for _, css := range []string{".cart-line-what", ".cart-quantity input[type=number]", ".cart-sum"} {
		if !evaluate[bool](b, "document.querySelector("+quote(css)+").checkVisibility()") {
			t.Errorf("%s is not printed", css)
		}
	}
	if paper := evaluate[string](b, "getComputedStyle(document.body).backgroundColor"); paper != "rgb(255, 255, 255)" {
		t.Errorf("the paper is %s; want white", paper)
	}
}

// TestATouchedButtonKeepsItsColor is about screens where a finger leaves what it
// touched hovered.
func TestATouchedButtonKeepsItsColor(t *testing.T) {
	b := startBrowser(t, startShop(t).url)
	b.open("/")
	if rules := evaluate[int](b, `[...document.styleSheets].flatMap(s => [...s.cssRules]).filter(r => /button[^,]*:hover/.test(r.selectorText)).length`); rules > 0 {
		t.Errorf("%d rules color a hovered button on screens without a pointer; want them inside @media (hover: hover)", rules)
	}
}
