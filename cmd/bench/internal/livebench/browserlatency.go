//go:build linux

package livebench

import (
	"context"
	"errors"
	"math"
	"time"

	"selvedge/cmd/bench/internal/browser"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsclient"
)

// visibleSamples are times from a change until the browser shows it.
type visibleSamples struct {
	alone []time.Duration // changes that only the browser's page shows
	all   []time.Duration // changes that all pages show
}

// Changes that only the browser's page shows.
const (
	alonePerChange = 10 // number for each change to all pages
	aloneGap       = 50 * time.Millisecond
)

// MeasureVisible measures the time from a change until a page in a real browser
// shows it. The browser is opened when half of the other pages are connected, so
// that a change to all pages reaches half of them before. The time begins before
// the order and ends with the browser's report, on the clock of this process.
// Without a browser nothing is measured.
func (b *Bench) MeasureVisible(ctx context.Context) error {
	b.clients.DisconnectAll()
	if err := b.connect(ctx, b.plan.Connections/2, workload.DefaultViews, 0); err != nil {
		return err
	}
	var tab *browser.Tab
	err := b.meanwhile(ctx, func() (err error) {
		tab, err = browser.Open(ctx, "http://"+b.server.Greeting.Address+"/")
		return err
	})
	if err != nil && !errors.Is(err, browser.ErrNotInstalled) {
		return err
	}
	if err := b.connect(ctx, b.plan.Connections, workload.DefaultViews, 0); err != nil {
		return err
	}
	if tab == nil {
		return nil
	}
	err = b.measureTab(ctx, tab)
	return errors.Join(err, b.meanwhile(ctx, func() error {
		tab.Close()
		return nil
	}))
}

// meanwhile calls a function that takes its time while the clients live on, and
// answer pings.
func (b *Bench) meanwhile(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	err := b.clients.Run(ctx, 2*process.Timeout, func() bool { return len(done) > 0 })
	return errors.Join(err, <-done)
}

// measureTab makes changes of both kinds, by the clock. It begins when the page
// shows a first change, which proves that it is connected, and the browser has
// finished its start.
func (b *Bench) measureTab(ctx context.Context, tab *browser.Tab) error {
	if _, err := b.changeUntilVisible(ctx, tab, workload.Change{Session: workload.BrowserSession}); err != nil {
		return err
	}
	if err := b.clients.Run(ctx, 5*settleTime, nil); err != nil {
		return err
	}
	for _, kind := range []struct {
		name   string
		change workload.Change
		count  int
		gap    time.Duration
		into   *[]time.Duration
	}{
		{"visible", workload.Change{Session: workload.BrowserSession}, alonePerChange * b.plan.Changes, aloneGap, &b.visible.alone},
		{"visible to all", workload.Change{Views: 1}, b.plan.Changes, b.plan.Gap, &b.visible.all},
	} {
		err := b.paced(kind.name, time.Duration(kind.count)*kind.gap, func() error {
			next := time.Now()
			for range kind.count {
				took, err := b.changeUntilVisible(ctx, tab, kind.change)
				if err != nil {
					return err
				}
				*kind.into = append(*kind.into, took...)
				next = next.Add(kind.gap)
				if err := b.clients.Run(ctx, time.Until(next), nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// changeUntilVisible makes a change and returns how long the browser took to
// show it, for each report. It returns no times if there is no report, which is
// a fault of the run.
func (b *Bench) changeUntilVisible(ctx context.Context, tab *browser.Tab, c workload.Change) (took []time.Duration, err error) {
	b.revision++
	c.Revision, c.Size = b.revision, workload.ViewSize
	start := time.Now()
	call := b.server.Go("Change", c)
	err = b.clients.Run(ctx, arrivalTimeout, func() bool {
		for len(tab.Shown) > 0 {
			if s := <-tab.Shown; s.Revision == c.Revision {
				took = append(took, s.At.Sub(start))
			}
		}
		return len(took) > 0
	})
	if errors.Is(err, wsclient.ErrTimeout) {
		b.validity.Require(false, "the browser does not show revision %d after %v", c.Revision, arrivalTimeout)
		err = nil
	}
	return took, errors.Join(err, call.Wait())
}

func (b *Bench) visibleLines() []report.Line {
	if len(b.visible.alone) == 0 {
		return []report.Line{report.Value("write to visible: no Chromium here", math.NaN(), "")}
	}
	quantile := func(times []time.Duration, q float64) float64 { return report.Milliseconds(report.Quantile(times, q)) }
	return []report.Line{
		report.Goal("write to visible in Chromium, p50", quantile(b.visible.alone, 0.5), "ms", report.AtMost(10)),
		report.Goal("  p99", quantile(b.visible.alone, 0.99), "ms", report.AtMost(50)),
		report.Value("write to all visible in Chromium, p50", quantile(b.visible.all, 0.5), "ms"),
		report.Value("  p99", quantile(b.visible.all, 0.99), "ms"),
	}
}
