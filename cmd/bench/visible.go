//go:build linux

package main

import (
	"context"
	"errors"
	"time"

	"selvedge/cmd/bench/internal/browser"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/workload"
)

// How many changes are looked at in the browser, in a round, and the time
// between those that it alone shows.
const (
	alonePerChange = 10 // for each that goes to all
	aloneGap       = 50 * time.Millisecond
)

// measureVisible measures how long it takes from a write until a page in a real
// browser shows it, which runs our script. It is opened when half of the other
// pages are connected, so that a change of all has reached half of them before.
//
// All times are those of this process: from before the server is told, until
// the page has told us that it shows the change, through a WebSocket of its
// own. So they include the way back.
func (b *bench) measureVisible(ctx context.Context) error {
	b.swarm.disconnect()
	if err := b.swarm.connect(ctx, b.connections/2, b.server.Greeting, workload.DefaultViews, 0); err != nil {
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
	if err := b.swarm.connect(ctx, b.connections, b.server.Greeting, workload.DefaultViews, 0); err != nil {
		return err
	}
	if tab == nil {
		return nil
	}
	err = b.watchBrowser(ctx, tab)
	return errors.Join(err, b.meanwhile(ctx, func() error {
		tab.Close()
		return nil
	}))
}

// meanwhile does something that takes its time while the clients live on, and
// answer pings.
func (b *bench) meanwhile(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	err := b.swarm.run(ctx, 2*process.Timeout, func() bool { return len(done) > 0 })
	return errors.Join(err, <-done)
}

// watchBrowser makes changes of both kinds.
func (b *bench) watchBrowser(ctx context.Context, tab *browser.Tab) error {
	if err := b.settleBrowser(ctx, tab); err != nil {
		return err
	}
	alone := alonePerChange * b.changes
	err := b.watched("visible", time.Duration(alone)*aloneGap, func() error {
		return b.seeAlone(ctx, tab, alone)
	})
	if err != nil {
		return err
	}
	return b.watched("visible to all", time.Duration(b.changes)*b.gap, func() error {
		return b.seeAll(ctx, tab)
	})
}

// settleBrowser waits until the page is connected, which a change shows, and
// until the browser is done with its start.
func (b *bench) settleBrowser(ctx context.Context, tab *browser.Tab) error {
	if err := b.see(ctx, tab, workload.Change{Session: workload.BrowserSession}, new([]time.Duration)); err != nil {
		return err
	}
	return b.swarm.run(ctx, 5*quiet, nil)
}

// seeAlone makes changes that nobody but the browser shows, by the clock.
func (b *bench) seeAlone(ctx context.Context, tab *browser.Tab, count int) error {
	next := time.Now()
	for range count {
		if err := b.see(ctx, tab, workload.Change{Session: workload.BrowserSession}, &b.visible); err != nil {
			return err
		}
		next = next.Add(aloneGap)
		if err := b.swarm.run(ctx, time.Until(next), nil); err != nil {
			return err
		}
	}
	return nil
}

// seeAll makes changes that all pages show, by the clock.
func (b *bench) seeAll(ctx context.Context, tab *browser.Tab) error {
	next := time.Now()
	for range b.changes {
		if err := b.see(ctx, tab, workload.Change{Views: 1}, &b.visibleAll); err != nil {
			return err
		}
		next = next.Add(b.gap)
		if err := b.swarm.run(ctx, time.Until(next), nil); err != nil {
			return err
		}
	}
	return nil
}

// see makes a change and waits until the browser's page shows it.
func (b *bench) see(ctx context.Context, tab *browser.Tab, c workload.Change, took *[]time.Duration) error {
	b.revision++
	c.Revision, c.Size = b.revision, workload.ViewSize
	start := time.Now()
	call := b.server.Go("Change", c)
	var seen bool
	err := b.swarm.run(ctx, arrivalTime, func() bool {
		for len(tab.Shown) > 0 {
			if s := <-tab.Shown; s.Revision == c.Revision {
				*took = append(*took, s.At.Sub(start))
				seen = true
			}
		}
		return seen
	})
	if errors.Is(err, errTime) {
		b.Require(false, "the browser does not show revision %d after %v", c.Revision, arrivalTime)
		err = nil
	}
	return errors.Join(err, call.Wait())
}
