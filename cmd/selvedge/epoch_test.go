package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// clearCookies ends the session of a browser, under its open pages.
func (b *browser) clearCookies() {
	b.t.Helper()
	call(b, network.ClearBrowserCookies, cdp.Empty{})
}

// renewed runs steps that have the page load itself again, and waits for that.
func (b *browser) renewed(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	evaluate[bool](b, "window.before = true")
	b.do(steps...)
	b.until("the page is loaded again", "document.readyState === 'complete' && !window.before")
}

var addFirst = chromedp.Click(chromedp.CSS("#stock-1 button"))

// TestAPageOfAnotherSessionLoadsItselfAgain clears the cookies under two pages
// with a cart of five, and adds with each.
func TestAPageOfAnotherSessionLoadsItselfAgain(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.open("/cart")
	b.rest("POST", "/api/cart", `{"productId":1,"quantity":5}`)
	b.live("/products/1")
	b.sees("#cart-mini", "5")
	other := b.tab()
	other.live("/products")
	other.sees("#cart-mini", "5")

	b.clearCookies()
	b.renewed(addFirst)
	b.sees("#cart-mini", "1")
	for _, count := range []string{"2", "3"} {
		b.submit("#stock-1 button")
		b.sees("#cart-mini", count)
	}
	other.renewed(addFirst)
	other.sees("#cart-mini", "4")
	b.sees("#cart-mini", "4") // live again
}

// TestAPageOfAnotherSessionKeepsWhatWasTyped clears the cookies under a form that
// is half filled.
func TestAPageOfAnotherSessionKeepsWhatWasTyped(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.holding("/cart", "1", "3")
	b.typeAddress()
	b.clearCookies()
	b.do(chromedp.Click(chromedp.CSS("#line-1 .cart-remove")))
	b.sees("#notice", "out of date")
	if got := b.value("checkout-name"); got != "Ada Lovelace" {
		t.Errorf("the name is %q; want what was typed", got)
	}
}

func TestAPageOfAnotherSessionLoadsItselfAgainUnderHTMX(t *testing.T) {
	for _, client := range clients {
		t.Run(client.version, func(t *testing.T) {
			var args []string
			for _, script := range client.scripts {
				args = append(args, "--script", tool(t, script))
			}
			s := startShop(t, args...)
			b := startBrowser(t, s.url)
			b.open("/cart")
			b.rest("POST", "/api/cart", `{"productId":1,"quantity":5}`)
			b.open("/products/1")
			b.sees("#cart-mini", "5")
			b.clearCookies()
			b.renewed(addFirst)
			b.sees("#cart-mini", "1")
			b.do(addFirst)
			b.sees("#cart-mini", "2")
		})
	}
}

// TestAPageFollowsARestoredBackup takes the data back to a cart of two under
// pages that show five.
func TestAPageFollowsARestoredBackup(t *testing.T) {
	data := t.TempDir()
	s, process := startProcess(t, "serve", "--data", data)
	address := strings.TrimPrefix(s.url, "http://")
	stop := func() {
		t.Helper()
		if err := process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if _, err := process.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	b := startBrowser(t, s.url)
	b.holding("/products/1", "1", "1")
	stop()
	path := filepath.Join(data, "selvedge.db")
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	_, process = startProcessAt(t, address, "serve", "--data", data)
	b.holding("/products/1", "1", "1", "1")
	b.sees("#cart-mini", "5")
	cart := b.tab()
	cart.live("/cart")
	cart.sees(".cart-totals", "€74.50")
	cart.typeAddress()
	stop()
	if err := os.WriteFile(path, backup, 0o600); err != nil {
		t.Fatal(err)
	}

	startProcessAt(t, address, "serve", "--data", data)
	b.sees("#cart-mini", "2")
	cart.sees(".cart-totals", "€34.70")
	for _, count := range []string{"3", "4"} {
		b.submit("#stock-1 button")
		b.sees("#cart-mini", count)
	}
	cart.sees(".cart-totals", "€59.60")
	cart.fill("[name=city]", "Vienna")
	if path := cart.follow("#checkout button"); !strings.HasPrefix(path, "/orders/") {
		t.Errorf("the checkout leads to %s; want an order", path)
	}
}
