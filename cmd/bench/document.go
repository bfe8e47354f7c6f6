package main

import (
	"fmt"

	"selvedge/cmd/bench/internal/workload"
	"selvedge/static"
)

// document is a page as the shop composes it, with as many views as all pages
// show, and our script.
func (p *pages) document(epoch string) []byte {
	b := fmt.Appendf(nil, `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Measured</title><script type="module" src="%s"></script></head>
<body>
<div id="live-status" hidden><p role="status"></p><button>Reconnect</button><button>Refresh</button></div>
<main>
`, static.URL("selvedge.js"))
	for i := range workload.DefaultViews {
		c := p.at(i)
		b = append(workload.AppendView(b, "", i, c.revision, c.size), '\n')
	}
	// Of the first revision, so that nothing is taken to be there already that
	// changes before the page is connected.
	t := workload.Token{Epoch: epoch, Session: workload.BrowserSession, Views: workload.DefaultViews, Personal: 1, Revision: 1}
	return fmt.Appendf(b, `</main>
<div id="live" ws-connect="/live?page=%s" hx-swap="none"></div>
</body>
</html>
`, t)
}
