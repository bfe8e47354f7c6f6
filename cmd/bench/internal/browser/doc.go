// Package browser tells when a real browser shows a change. [Open] opens a page
// in a headless Chromium; [Tab.Shown] gets a [Sighting] for each revision that
// the page begins to show.
//
//	tab, err := browser.Open(ctx, "http://127.0.0.1:8080/")
//	if errors.Is(err, browser.ErrNotInstalled) {
//		return nil
//	}
//	defer tab.Close()
//	start := time.Now()
//	change(revision)
//	fmt.Println((<-tab.Shown).At.Sub(start))
//
// The page reports over a WebSocket to this process, so that all times are those
// of one clock. They include the way back.
package browser
