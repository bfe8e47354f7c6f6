package browser

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
)

// ErrNotInstalled is the error of [Open] on a machine without Chromium.
var ErrNotInstalled = errors.New("no Chromium here")

// A Tab is the only tab of a headless Chromium.
type Tab struct {
	// Shown gets the sightings in their order. The page waits when 1000 are not
	// received.
	Shown chan Sighting

	close func()
}

// A Sighting is a revision that the page begins to show.
type Sighting struct {
	At       time.Time // when this process was told
	View     int
	Revision int64
}

// reporter is a script that reports each revision of the page. A
// MutationObserver is called after the change is complete, and it observes the
// page instead of the script under test.
const reporter = `
	const teller = new WebSocket("ws://%s/");
	new MutationObserver((changes) => {
		for (const { target } of changes) teller.send(target.id.slice("view-".length) + " " + target.dataset.revision);
	}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-revision"] });`

// readyTimeout is the longest wait for the page's first message.
const readyTimeout = 30 * time.Second

// Open opens a page in a browser of its own, and waits until the page can report
// sightings. The error is [ErrNotInstalled] on a machine without Chromium. The
// caller closes the tab.
func Open(ctx context.Context, url string) (*Tab, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	t := &Tab{Shown: make(chan Sighting, 1000)}
	ready := make(chan struct{}, 1)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: t.receive(ready), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	tab, closeTab := newTab(ctx, path)
	t.close = func() {
		closeTab()
		_ = server.Close()
	}
	if err := chromedp.Do(tab, beforeScripts(fmt.Sprintf(reporter, listener.Addr())), chromedp.Navigate(url)); err != nil {
		t.Close()
		return nil, fmt.Errorf("open %s in %s: %w", url, path, err)
	}
	select {
	case <-ready:
		return t, nil
	case <-time.After(readyTimeout):
		t.Close()
		return nil, fmt.Errorf("%s does not run the scripts of %s", path, url)
	}
}

// Close ends the browser.
func (t *Tab) Close() { t.close() }

// newTab starts a browser, and returns its tab and the function that ends both.
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

// beforeScripts runs a script in every page before the scripts of the page.
func beforeScripts(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	})
}

// receive accepts the WebSocket of the reporter and passes its messages on.
func (t *Tab) receive(ready chan<- struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// The page has another origin: the server under test.
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
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
			s := Sighting{At: time.Now()}
			if _, err := fmt.Sscan(string(b), &s.View, &s.Revision); err != nil {
				continue
			}
			t.Shown <- s
		}
	}
}

// findChromium returns the file of the first Chromium in the PATH.
func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNotInstalled
}
