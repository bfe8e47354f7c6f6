package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// clients are the scripts that an operator may load instead of ours, as npm
// has them.
var clients = []struct {
	version string
	scripts []string
}{
	{"2.0.11", []string{"htmx.org/dist/htmx.min.js", "htmx-ext-ws/dist/ws.min.js"}},
	{"4.0.1", []string{"htmx4/dist/htmx.min.js", "htmx4/dist/ext/hx-ws.min.js"}},
}

// TestPagesAreLiveUnderHTMX runs the shop with the scripts of others.
func TestPagesAreLiveUnderHTMX(t *testing.T) {
	for _, client := range clients {
		t.Run(client.version, func(t *testing.T) {
			data := t.TempDir()
			args := []string{"serve", "--data", data, "--admin-token", adminToken}
			for _, script := range client.scripts {
				args = append(args, "--script", tool(t, script))
			}
			s, process := startProcess(t, args...)
			b := startBrowser(t, s.url)
			b.size(1280, 900)
			b.open("/products/1")
			if got := evaluate[string](b, "htmx.version"); got != client.version {
				t.Fatalf("htmx is %q; want %s", got, client.version)
			}
			b.refused()
			b.shopUnderHTMX(s)

			if err := process.Kill(); err != nil {
				t.Fatal(err)
			}
			again, _ := startProcessAt(t, strings.TrimPrefix(s.url, "http://"), args...)
			again.sell("1", "3")
			b.sees("#stock-1", "Only 3 left")
			b.whole()
			if got := evaluate[[]string](b, "refused"); len(got) > 0 {
				t.Errorf("the policy had to refuse %q", got)
			}
		})
	}
}

// shopUnderHTMX changes a cart from two tabs, and the stock from outside.
func (b *browser) shopUnderHTMX(s *shop) {
	b.t.Helper()
	cart := b.tab()
	cart.open("/cart")
	b.do(chromedp.Click(chromedp.CSS("#stock-1 button")))
	b.sees("#cart-mini", "1")
	cart.sees("#cart", "Café crème mug")
	cart.fill("#checkout-name", "Ada")
	b.do(chromedp.Click(chromedp.CSS("#stock-1 button")))
	cart.sees(".cart-totals", "€34.70")
	if got := evaluate[string](cart, "document.getElementById('checkout-name').value"); got != "Ada" {
		b.t.Errorf("the name that was typed is %q after a push; want it kept", got)
	}
	s.sell("1", "1")
	b.sees("#stock-1", "Only 1 left")
	cart.sees("#line-1", "Only 1 left")

	evaluate[bool](cart, "document.getElementById('quantity-1').max = 1000, true")
	cart.fill("#quantity-1", "500") // saves itself
	cart.sees("#notice", "between 1 and 99")
	cart.fill("#quantity-1", "2")
	b.sees("#cart-mini", "2")
	cart.do(chromedp.Click(chromedp.CSS(".cart-quantity [data-step='1']")))
	b.sees("#cart-mini", "3")
	cart.sees(".cart-totals", "€49.60")
	b.whole()
	cart.whole()
}

// whole checks that nothing of a page was wiped by what was pushed.
func (b *browser) whole() {
	b.t.Helper()
	for _, css := range []string{"header #cart-mini", "main h1", "footer", "body > #live:empty", "#notice[role=alert]"} {
		if n := evaluate[int](b, "document.querySelectorAll("+quote(css)+").length"); n != 1 {
			b.t.Errorf("the page has %d of %s; want 1", n, css)
		}
	}
}

// refused has the page collect what its policy refuses from then on.
func (b *browser) refused() {
	b.t.Helper()
	evaluate[bool](b, `window.refused = []; document.addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective + " " + e.blockedURI)); true`)
}
