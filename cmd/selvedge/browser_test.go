package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is a tab of a real Chromium.
type browser struct {
	t       testing.TB
	ctx     context.Context
	base    string // what open puts before a path
	scripts bool   // JavaScript is on
}

// chromium starts the browser of all tests, once. The error is the same in each
// of them.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path, err := findBrowser()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("force-prefers-reduced-motion", true)) // what scrolls smoothly is not where it is clicked
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	tab, closeTab := chromedp.NewContext(allocator)
	stopChromium = func() { closeTab(); stopAllocator() }
	return tab, chromedp.Do(tab)
})

// stopChromium ends the browser, if there is one.
var stopChromium = func() {}

// startBrowser opens a tab of Chromium with a profile of its own: cookies, cache
// and storage. It skips the test where there is no Chromium; where CI is set, a
// machine without it fails instead.
func startBrowser(t testing.TB, base string) *browser {
	t.Helper()
	running, err := chromium()
	if errors.Is(err, exec.ErrNotFound) {
		missing(t, "Chromium")
	}
	if err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	tab, closeTab := chromedp.NewContext(running, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, ctx: tab, base: base, scripts: true}
}

// tab opens another tab of the same browser, with the same session.
func (b *browser) tab() *browser {
	b.t.Helper()
	tab, closeTab := chromedp.NewContext(b.ctx)
	b.t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil {
		b.t.Fatal(err)
	}
	other := *b
	other.ctx = tab
	return &other
}

// patience is how long one step may take before the test gives up.
const patience = 20 * time.Second

// act runs one step and returns what it yields.
func act[T any](b *browser, step chromedp.Action[T]) T {
	b.t.Helper()
	v, err := try(b, step)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func try[T any](b *browser, step chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, step)
}

func findBrowser() (path string, err error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err = exec.LookPath(name); err == nil {
			break
		}
	}
	return path, err
}

// missing skips a test for lack of something, except in CI.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" || os.Getenv("SELVEDGE_BROWSER_TESTS") == "required" {
		t.Fatalf("this test needs %s, which is not installed; the task tools installs it", what)
	}
	t.Skipf("this test needs %s, which is not installed; the task tools installs it", what)
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	act(b, chromedp.Steps(steps...))
}

// open goes to a page.
func (b *browser) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
}

// follow clicks something that leads to another page, and returns its path.
func (b *browser) follow(css string) string {
	b.t.Helper()
	return b.arrive(chromedp.Click(chromedp.CSS(css)))
}

// submit clicks the button of a form that stays on its page: without scripts
// the page is loaded again, with them it is changed.
func (b *browser) submit(css string) {
	b.t.Helper()
	if !b.scripts {
		b.follow(css)
		return
	}
	b.takenUp(css)
	b.do(chromedp.Click(chromedp.CSS(css)))
	b.until("the form is answered", "!document.querySelector('[aria-busy]')")
}

// takenUp waits until htmx 2 has taken up the form of a button. A form that it has
// swapped in is a plain one for some 20 ms.
func (b *browser) takenUp(css string) {
	b.t.Helper()
	b.until(css+" is taken up", `(button => {
		const form = button?.form
		return !window.htmx?.version.startsWith("2.") || !form?.hasAttribute("hx-post") || Boolean(form["htmx-internal-data"]?.initHash)
	})(document.querySelector(`+quote(css)+`))`)
}

// until waits for a script to be true. A script that ends because its page is
// left is asked again, on the next page.
func (b *browser) until(what, script string) {
	b.t.Helper()
	eventually(b.t, what, func() bool {
		is, err := try(b, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
		if refused := (*cdproto.Error)(nil); errors.As(err, &refused) && refused.Code == leftPage {
			return false
		}
		if err != nil {
			b.t.Fatal(err)
		}
		return is
	})
}

// leftPage is the code of the DevTools protocol's error for a script whose page
// was left meanwhile.
const leftPage = -32000

// sees waits for a person to read something in an element.
func (b *browser) sees(css, text string) {
	b.t.Helper()
	b.until(css+" reads "+text, "document.querySelector("+quote(css)+")?.innerText.replace(/\\s+/g, ' ').includes("+quote(text)+") ?? false")
}

// arrive waits for the page that some steps lead to, and returns its path.
func (b *browser) arrive(steps ...chromedp.Action[chromedp.Void]) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
	return strings.TrimPrefix(act(b, chromedp.Location()), b.base)
}

// fill replaces what stands in a field, by typing. A script may put another field
// in its place meanwhile, so that with scripts one of them has the field focused.
func (b *browser) fill(css, text string) {
	b.t.Helper()
	if b.scripts {
		b.until(css+" has the focus", "(e => { e?.focus(); return e && e === document.activeElement })(document.querySelector("+quote(css)+")) ?? false")
	} else {
		b.do(chromedp.Focus(chromedp.CSS(css)))
	}
	b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(text))
}

// press types keys wherever the focus is.
func (b *browser) press(keys string) { b.t.Helper(); b.do(chromedp.KeyEvent(keys)) }

// text returns what a person reads in an element.
func (b *browser) text(css string) string {
	b.t.Helper()
	return strings.Join(strings.Fields(act(b, chromedp.Text(chromedp.CSS(css)))), " ")
}

// wants checks what a person reads in an element.
func (b *browser) wants(css, text string) {
	b.t.Helper()
	if got := b.text(css); !strings.Contains(got, text) {
		b.t.Errorf("%s reads %q; want %q in it", css, got, text)
	}
}

// tabTo moves the focus with the Tab key alone until it is on an element.
func (b *browser) tabTo(css string) {
	b.t.Helper()
	for range 150 {
		b.press(kb.Tab)
		if evaluate[bool](b, "document.activeElement.matches("+quote(css)+")") {
			return
		}
	}
	b.t.Fatalf("the Tab key does not reach %s", css)
}

// size sets the size of the window in CSS pixels.
func (b *browser) size(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

// dark prefers dark colors, or light ones.
func (b *browser) dark(on bool) {
	b.t.Helper()
	b.media("", "prefers-color-scheme", map[bool]string{true: "dark", false: "light"}[on])
}

// media sets the medium, such as print, and what a person prefers; "" is the
// screen.
func (b *browser) media(medium, feature, value string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
	})
}

// withoutScripts turns JavaScript off, as some people do.
func (b *browser) withoutScripts() {
	b.t.Helper()
	b.scripts = false
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// beforeScripts runs a script in every page before those of the page.
func (b *browser) beforeScripts(script string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

func call[P any](b *browser, command cdp.Command[P, cdp.Empty], params P) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	}))
}

func evaluate[T any](b *browser, script string) T {
	b.t.Helper()
	return act(b, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" }
