package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
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
			_, _ = process.Wait() // until then it has the address
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
func (b *browser) shopUnderHTMX(s *testShop) {
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
	s.sell("1", "9")
	cart.until("there are enough", "!document.getElementById('line-1').innerText.includes('Only 1 left')")

	evaluate[bool](cart, "document.getElementById('quantity-1').max = 1000, true")
	cart.fill("#quantity-1", "500") // saves itself
	cart.sees("#notice", "Quantity of Café crème mug")
	cart.sees("#notice", "between 1 and 99")
	cart.until("the quantity is taken back", "document.getElementById('quantity-1').value === '2'")
	cart.fill("#quantity-1", "4")
	b.sees("#cart-mini", "4")
	cart.until("the message is gone with its reason", "document.getElementById('notice').innerText === ''")
	cart.do(chromedp.Click(chromedp.CSS(".cart-quantity [data-step='1']")))
	b.sees("#cart-mini", "5")
	cart.sees(".cart-totals", "€74.50")
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

// TestAnAnswerThatHangsIsAskedForAgain has htmx wait less long than it would, which
// is 12 s.
func TestAnAnswerThatHangsIsAskedForAgain(t *testing.T) {
	everyHTMX(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/products")
		evaluate[bool](b, `window.timeouts = [];
			document.addEventListener("htmx:beforeSend", ({detail}) => timeouts.push(detail.xhr.timeout));
			document.addEventListener("htmx:before:request", ({detail}) => timeouts.push(detail.ctx.request.timeout));
			true`)
		b.submit("#stock-1 button")
		b.sees("#cart-mini", "1")
		evaluate[bool](b, `document.getElementById("add-to-cart").setAttribute(htmx.registerExtension ? "hx-config" : "hx-request", '{"timeout": 200}'), true`)
		p.hold(1, "POST /api/cart")
		b.submit("#stock-1 button")
		b.sees("#cart-mini", "2")
		if diff := cmp.Diff([]int{12000, 200, 200}, evaluate[[]int](b, "timeouts")); diff != "" {
			t.Errorf("timeouts in milliseconds (-want +got):\n%s", diff)
		}
	})
}

// TestAQuestionIsAskedOnce has htmx ask before it sends a form, whose first answer
// is lost.
func TestAQuestionIsAskedOnce(t *testing.T) {
	everyHTMX(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/products")
		evaluate[bool](b, `window.asked = 0, window.confirm = () => ++asked > 1,
			document.getElementById("add-to-cart").setAttribute("hx-confirm", "Add it?"), true`)
		b.click("#stock-1 button") // and the answer is no
		b.until("the question is asked", "asked === 1")
		p.dropAnswers(1, "POST /api/cart")
		b.click("#stock-1 button")
		b.sees("#cart-mini", "1")
		b.settled()
		if asked, n := evaluate[int](b, "asked"), p.requests("POST /api/cart"); asked != 2 || n != 2 {
			t.Errorf("the question was asked %d times for %d requests; want 2, for one that was not wanted and one that was sent twice", asked, n)
		}
	})
}

// TestWhatIsTypedStaysWhenItsAnswerIsLost has a form come without what a person has
// typed, after it was sent without success.
func TestWhatIsTypedStaysWhenItsAnswerIsLost(t *testing.T) {
	everyHTMX(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/cart", "3")
		b.typeAddress()
		p.refuse("POST /api/checkout")
		b.submit("#checkout button")
		b.sees("#notice", "The server does not answer")
		evaluate[bool](b, `{
			const form = document.getElementById("checkout").cloneNode(true);
			form.querySelectorAll("[hx-preserve]").forEach(el => el.removeAttribute("hx-preserve"));
			form.setAttribute("hx-swap-oob", "true");
			form.dataset.isAnother = "true";
			const {body} = document, text = form.outerHTML;
			if (htmx.registerExtension) htmx.swap({sourceElement: body, target: body, swap: "none", text});
			else htmx.swap(body, text, {swapStyle: "none"});
			true
		}`)
		b.until("the form is another one", "document.getElementById('checkout').dataset.isAnother === 'true'")
		if got := b.value("checkout-name"); got != "Ada Lovelace" {
			t.Errorf("the name is %q; want what was typed", got)
		}
	})
}

// TestAFormThatIsGoneIsAnswered has a push replace a form without an id while its
// request is under way, which is lost once and refused then.
func TestAFormThatIsGoneIsAnswered(t *testing.T) {
	everyHTMX(t, func(t *testing.T, _ *testShop, p *faultProxy, b *browser) {
		b.connected("/cart", "3")
		evaluate[bool](b, `document.getElementById("quantity-3").max = 1000, window.form = document.getElementById("quantity-form-3"), form.removeAttribute("id"), true`)
		cut := p.holdAndCut(1, "POST /api/cart/3")
		b.fill("#quantity-3", "500")
		b.press(kb.Enter)
		cut.await(t, 1)
		b.rest("POST", "/api/cart", `{"productId":1}`)
		b.until("the form is gone", "!form.isConnected")
		cut.release()
		b.sees("#notice", "Quantity of Loden wool blanket")
		b.wants("#notice", "between 1 and 99")
	})
}
