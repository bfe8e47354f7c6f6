//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/coder/websocket"

	"selvedge/cmd/bench/internal/process"
)

// errNoBrowser says that the machine has no Chromium.
var errNoBrowser = errors.New("no Chromium here")

// A chromium is a tab of a headless Chromium that tells which revisions its
// page shows.
type chromium struct {
	seen  chan sight
	close func()
}

// A sight is what the page tells.
type sight struct {
	at       time.Time // when this process was told
	view     int
	revision int64
}

// reporter is a script that tells of each revision that the page has begun to
// show. It looks at the page and not at what our script does, and runs when
// the change is complete: observers are called behind what changes the page.
const reporter = `
	const teller = new WebSocket("ws://%s/");
	new MutationObserver((changes) => {
		for (const { target } of changes) teller.send(target.id.slice("view-".length) + " " + target.dataset.revision);
	}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-revision"] });`

// openChromium opens a page in a browser of its own, and waits until it can
// tell what it shows. It returns errNoBrowser where there is no Chromium.
func openChromium(ctx context.Context, url string) (*chromium, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	c := &chromium{seen: make(chan sight, 1000)}
	ready := make(chan struct{}, 1)
	ears, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: c.listen(ready), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(ears) }()
	tab, closeTab := newTab(ctx, path)
	c.close = func() {
		closeTab()
		_ = server.Close()
	}
	if err := chromedp.Do(tab, beforeScripts(fmt.Sprintf(reporter, ears.Addr())), chromedp.Navigate(url)); err != nil {
		c.close()
		return nil, fmt.Errorf("open %s in %s: %w", url, path, err)
	}
	select {
	case <-ready:
		return c, nil
	case <-time.After(process.Timeout):
		c.close()
		return nil, fmt.Errorf("%s does not run the scripts of %s", path, url)
	}
}

// newTab starts a browser, and returns its tab and what ends both.
func newTab(ctx context.Context, path string) (tab context.Context, end func()) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	tab, closeTab := chromedp.NewContext(allocator)
	return tab, func() {
		closeTab()
		stop()
	}
}

// beforeScripts runs a script in every page before those of the page.
func beforeScripts(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	})
}

// listen hears what the page tells.
func (c *chromium) listen(ready chan<- struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // the page is of another port
		if err != nil {
			return
		}
		defer func() { _ = ws.CloseNow() }()
		ready <- struct{}{}
		for {
			_, b, err := ws.Read(context.Background())
			if err != nil {
				return
			}
			var view int
			var revision int64
			if _, err := fmt.Sscan(string(b), &view, &revision); err != nil {
				continue
			}
			c.seen <- sight{time.Now(), view, revision}
		}
	}
}

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoBrowser
}
