package main

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// shown are the pages that a person sees, for a session with something in its
// cart.
var shown = []struct{ name, path string }{
	{"home", "/"},
	{"list", "/products"},
	{"new in", "/new"},
	{"mistakes", "/products?min=100&max=50&category=weapons"},
	{"delivery", "/delivery"},
	{"search", "/products?q=wool&stock=1&sort=price"},
	{"another search", "/products?q=blnaket"},
	{"nothing found", "/products?q=blkanet"},
	{"nothing for filters", "/products?q=mug&category=audio"},
	{"product", "/products/3"},
	{"sold out", "/products/13"},
	{"cart", "/cart"},
	{"added", "/products?added=3&pieces=1"},
	{"not found", "/nothing"},
	{"error", "/products?page=abc"},
	{"fragments", "/fragments/"},
}

// tool returns the path of something that the task tools installs.
func tool(t testing.TB, path string) string {
	t.Helper()
	full, err := filepath.Abs(filepath.Join("..", "..", ".tools", "node_modules", path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(full); err != nil {
		missing(t, path)
	}
	return full
}

// violation is a finding of axe-core.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	} `json:"nodes"`
}

// TestPagesAreAccessible has axe-core look at every page, narrow, wide and
// dark.
func TestPagesAreAccessible(t *testing.T) {
	axe, err := os.ReadFile(tool(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	s := startShop(t)
	b := startBrowser(t, s.url)
	fillCart(b)
	look := func(name string) {
		evaluate[bool](b, string(axe)+"; true")
		found := evaluate[[]violation](b, "axe.run().then(r => r.violations)")
		for _, v := range found {
			nodes, _ := json.MarshalIndent(v.Nodes, "", " ")
			t.Errorf("%s: %s: %s\n%s", name, v.ID, v.Help, nodes)
		}
	}
	for _, view := range views {
		b.size(view.width, view.height)
		b.dark(view.dark)
		for _, page := range shown {
			b.open(page.path)
			look(page.name + ", " + view.name)
		}
		b.open("/cart")
		b.do(chromedp.SetAttributes(chromedp.CSS("#checkout"), map[string]string{"novalidate": ""}))
		b.submit("#checkout button")
		look("refused checkout, " + view.name)
		b.open("/products/3")
		b.click("#product > .productdetails-figure a")
		b.until("the picture is enlarged", "!!document.querySelector('dialog:modal')")
		look("enlarged picture, " + view.name)
	}
	b.open("/cart")
	checkOut(b)
	look("order")
}

var views = []struct {
	name          string
	width, height int64
	dark          bool
}{
	{"narrow", 320, 640, false},
	{"wide", 1280, 900, false},
	{"dark", 1280, 900, true},
}

// fillCart puts three products into the cart, of one of which there is not enough
// any more: somebody else has bought all but one piece of it.
func fillCart(b *browser) {
	b.t.Helper()
	b.open("/products/3")
	b.submit("button[name=productId]")
	b.open("/products/22")
	b.fill("input[name=quantity]", "4") // all that there are
	b.submit("button[name=productId]")
	b.open("/products/7")
	b.submit("button[name=productId]")
	other := newShop(b.t, b.base, nil)
	other.page("/")
	other.post("/api/cart", "productId=22&quantity=3")
	bought := other.post("/api/checkout", "name=Bob&email=bob%40example.com&street=Main+Street+2&postalCode=1010&city=Vienna&country=Austria")
	if bought.StatusCode != http.StatusSeeOther {
		b.t.Fatalf("the checkout of somebody else is answered with %d; want 303", bought.StatusCode)
	}
}

func checkOut(b *browser) {
	b.t.Helper()
	b.setQuantity("22", "1")
	b.fillAddress()
	b.follow("#checkout button")
}

// TestPagesFitNarrowWindows looks that nothing has to be scrolled sideways at
// 320 pixels (WCAG 2.2 §1.4.10).
func TestPagesFitNarrowWindows(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	fillCart(b)
	b.size(320, 640)
	for _, page := range shown {
		b.open(page.path)
		if width := evaluate[int](b, "document.documentElement.scrollWidth"); width > 320 {
			t.Errorf("%s is %d pixels wide in a window of 320", page.name, width)
		}
	}
}

// TestNothingBreaksThePolicy opens every page and counts what the
// Content-Security-Policy had to refuse, and what failed to load.
func TestNothingBreaksThePolicy(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.size(1280, 3000)
	for _, page := range shown {
		b.open(page.path)
		broken := evaluate[[]string](b, `Promise.all([...document.images].map(i => { i.loading = "eager"; return i.decode().then(() => "", () => i.src) })).then(l => l.filter(Boolean))`)
		if len(broken) > 0 {
			t.Errorf("%s: pictures that do not load: %q", page.name, broken)
		}
		if n := evaluate[int](b, `[...document.querySelectorAll("[style], style, script:not([src], [type='application/ld+json'])")].length`); n > 0 {
			t.Errorf("%s has %d inline styles or scripts", page.name, n)
		}
		if n := evaluate[int](b, `[...document.styleSheets].filter(s => s.cssRules.length > 0).length`); n < 2 {
			t.Errorf("%s has %d stylesheets with rules; want the shell's and a fragment's", page.name, n)
		}
	}
}

// TestPagesAreValidHTML has html-validate read every page.
func TestPagesAreValidHTML(t *testing.T) {
	validator := tool(t, ".bin/html-validate")
	s := startShop(t)
	s.post("/api/cart", "productId=3&quantity=2")
	folder := t.TempDir()
	config := `{"root": true, "extends": ["html-validate:standard"], "rules": {"doctype-style": "off"}}`
	if err := os.WriteFile(filepath.Join(folder, ".htmlvalidate.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, page := range shown {
		write(t, folder, page.name, s.page(page.path))
	}
	write(t, folder, "refused", s.post("/api/checkout", "name=Ada"))
	order := s.json(http.MethodPost, "/api/checkout", buyer)
	if order.StatusCode != http.StatusCreated {
		t.Fatalf("the order is %d %s", order.StatusCode, order.body)
	}
	write(t, folder, "order", s.page(order.Header.Get("Location")))
	alone := startShop(t, "fragment", "cart")
	write(t, folder, "standalone", alone.do(http.MethodGet, "/", "", "Accept", acceptPage, "Sec-Fetch-Dest", "document"))
	c := exec.CommandContext(t.Context(), validator, "--formatter", "text", folder)
	c.Dir = folder
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func write(t *testing.T, folder, name string, page answer) {
	t.Helper()
	name = strings.ReplaceAll(name, " ", "-") + ".html"
	if err := os.WriteFile(filepath.Join(folder, name), []byte(page.body), 0o600); err != nil {
		t.Fatal(err)
	}
}

var screenshots = flag.Bool("screenshots", false, "write the README's pictures")

// TestScreenshots writes the README's pictures of the running shop.
func TestScreenshots(t *testing.T) {
	if !*screenshots {
		t.Skip("pictures are written with -screenshots only")
	}
	s := startShop(t)
	b := startBrowser(t, s.url)
	fillCart(b)
	pictures := []struct {
		name, path    string
		width, height int64
		dark          bool
	}{
		{"list", "/products", 1280, 860, false},
		{"product", "/products/3", 1280, 860, true},
		{"cart", "/cart", 390, 860, false},
	}
	for _, p := range pictures {
		b.do(chromedp.EmulateViewport(p.width, p.height, chromedp.EmulateScale(0.6)))
		b.dark(p.dark)
		b.open(p.path)
		evaluate[bool](b, `Promise.all([...document.images].map(i => { i.loading = "eager"; return i.decode() })).then(() => true)`)
		png := act(b, chromedp.CaptureScreenshot())
		if err := os.WriteFile(filepath.Join("..", "..", "static", "screenshots", p.name+".png"), png, 0o644); err != nil { //nolint:gosec // a public picture
			t.Fatal(err)
		}
	}
}
