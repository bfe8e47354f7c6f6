package systemundertest

import (
	"fmt"

	"selvedge/cmd/bench/internal/workload"
	"selvedge/static"
)

// document returns a page as the shop composes it, with our script and the
// default number of views, the last of which is personal.
func (p *hubPages) document(epoch string) []byte {
	b := fmt.Appendf(nil, `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Measured</title><script type="module" src="%s"></script></head>
<body>
<div id="live-status" hidden><p role="status"></p><button>Reconnect</button><button>Refresh</button></div>
<main>
`, static.URL("selvedge.js"))
	for i := range workload.DefaultViews {
		c := p.get(i)
		b = append(workload.AppendView(b, "", i, c.revision, c.size), '\n')
	}
	// The revision is the first, so that the hub sends each change that happens
	// before the page connects.
	t := workload.Token{Epoch: epoch, Session: workload.BrowserSession, Views: workload.DefaultViews, Personal: 1, Revision: 1}
	return fmt.Appendf(b, `</main>
<div id="live" ws-connect="/live?page=%s" hx-swap="none"></div>
</body>
</html>
`, t)
}
