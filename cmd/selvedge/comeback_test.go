package main

import (
	"os"
	"slices"
	"testing"
)

// faster has the clock and the timers of pages run as many times faster, and
// collects the sockets that they open. While broken is set, no socket opens.
func (b *browser) faster(times string) {
	b.t.Helper()
	b.beforeScripts(`
		(() => {
			const times = ` + times + `, clock = performance.now.bind(performance);
			performance.now = () => clock() * times;
			for (const name of ["setTimeout", "setInterval"]) {
				const real = window[name];
				window[name] = (f, ms, ...rest) => real(f, (ms ?? 0) / times, ...rest);
			}
		})();
		window.sockets = [];
		window.broken = false;
		const Real = WebSocket;
		window.WebSocket = function (url) {
			if (broken) throw new Error("broken");
			return sockets[sockets.push(new Real(url)) - 1];
		}`)
}

// TestABetterTransportIsTriedAgain has WebSockets fail for a while.
func TestABetterTransportIsTriedAgain(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	b := startBrowser(t, s.url)
	b.faster("30")
	b.live("/products/1")
	b.until("it begins with a WebSocket", "document.querySelector('#live-status[data-transport=ws]') !== null")
	evaluate[bool](b, "broken = true, sockets.at(-1).close(), true")
	b.until("it goes on with events", "document.querySelector('#live-status[data-transport=sse]') !== null")
	s.sell("1", "2")
	b.sees("#stock-1", "Only 2 left")
	evaluate[bool](b, "broken = false, true")
	b.until("a minute later it is a WebSocket again", "document.querySelector('#live-status[data-transport=ws]') !== null")
	s.sell("1", "1")
	b.sees("#stock-1", "Only 1 left")
}

// TestASilentConnectionIsChecked has a connection say nothing any more, and
// nobody do anything.
func TestASilentConnectionIsChecked(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	b := startBrowser(t, s.url)
	b.faster("30")
	b.live("/products/1")
	evaluate[bool](b, "sockets.at(-1).onmessage = null, true")
	s.sell("1", "2")
	b.sees("#stock-1", "Only 2 left")
	b.until("there is another connection", "sockets.length > 1 && sockets.at(-1).readyState === 1")
	s.sell("1", "1")
	b.sees("#stock-1", "Only 1 left")
}

// TestPagesComeBackLaterAndLater looks at the waits between attempts to connect
// to a server that is gone.
func TestPagesComeBackLaterAndLater(t *testing.T) {
	s, process := startProcess(t, "serve", "--data", t.TempDir())
	b := startBrowser(t, s.url)
	b.beforeScripts(`
		window.waits = null; // until the page is live, its time is that of others
		const real = setTimeout, clock = performance.now.bind(performance);
		performance.now = () => clock() + (waits ? 11_000 : 0); // the connection has lasted
		window.setTimeout = (f, ms, ...rest) => {
			if (waits && rest.length) waits.push(ms); // what opens the first transport again
			return real(f, waits ? ms / 300 : ms, ...rest);
		}`)
	b.live("/products")
	evaluate[bool](b, "waits = [], true")
	if err := process.Signal(os.Kill); err != nil {
		t.Fatal(err)
	}
	b.until("it has tried forty times", "waits.length >= 40")
	waits := evaluate[[]float64](b, "waits.slice(0, 40)")
	late := 0
	different := make(map[float64]bool)
	for _, wait := range waits {
		different[wait] = true
		if wait > 15_000 {
			late++
		}
	}
	if waits[0] > 1000 || slices.Max(waits) > 30_000 || late == 0 || len(different) < 30 {
		t.Errorf("the waits are %.0f ms; want them to begin within 1 s, to grow over 15 s but not over 30 s, and chance in all of them", waits)
	}
}
