//go:build linux

package livebench

import (
	"context"
	"errors"
	"time"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsclient"
)

// slowSamples are those of changes before and while some pages do not read.
type slowSamples struct {
	before, beside []broadcast // to the pages that read
	ratios         []float64   // of the 99th percentiles of both, by round
	right          []float64   // share of the slow readers that came back and are right, by round
}

// slowReaderRatio is the number of clients of which one is a slow reader.
const slowReaderRatio = 100

// The changes that fill the socket of a slow reader. The kernel keeps some
// 200 KB of them, and the hub the rest of one message.
const (
	fillSize  = 64 << 10 // bytes
	fillCount = 8
)

// MeasureSlow measures changes to all pages while one page of a hundred does not
// read, and before. The hub must tell the slow readers to come back, and they
// must be right once they have.
func (b *Bench) MeasureSlow(ctx context.Context) error {
	if err := b.renderAll(); err != nil {
		return err
	}
	n := b.plan.Connections
	slow := b.clients.ChooseSlowReaders(slowReaderRatio)
	if err := b.connect(ctx, n, workload.DefaultViews, 0); err != nil {
		return err
	}
	before, err := b.broadcasts(ctx, n, "Change")
	if err != nil {
		return err
	}
	if err := b.stopReading(ctx, slow); err != nil {
		return err
	}
	beside, err := b.broadcasts(ctx, n-len(slow), "Change")
	if err != nil {
		return err
	}
	b.slow.before = append(b.slow.before, before[0]...)
	b.slow.beside = append(b.slow.beside, beside[0]...)
	b.slow.ratios = append(b.slow.ratios, medianOf(beside[0], broadcast.p99)/medianOf(before[0], broadcast.p99))
	return b.resumeReading(ctx, slow)
}

// stopReading has slow readers read no more, and fills their sockets.
func (b *Bench) stopReading(ctx context.Context, slow []*wsclient.Client) error {
	if err := b.clients.StopReading(slow); err != nil {
		return err
	}
	for range fillCount {
		for _, c := range slow {
			b.revision++
			err := b.server.Call("Change", workload.Change{Session: c.Session(), Revision: b.revision, Size: fillSize}, nil)
			if err != nil {
				return err
			}
		}
		if err := b.clients.Run(ctx, settleTime/2, nil); err != nil {
			return err
		}
	}
	return nil
}

// resumeReading waits until the hub has dropped the slow readers, and has them
// read. They must come back, and show the last change then. Most of them are
// told to by the close code 1013. Those that were pinged just before their
// sockets were full are dropped without a code, because they gave no sign of
// life.
func (b *Bench) resumeReading(ctx context.Context, slow []*wsclient.Client) error {
	if err := b.awaitDropped(ctx, len(slow)); err != nil {
		return err
	}
	n, count := b.plan.Connections, &b.clients.Counters
	b.clients.Reconnect = true
	if err := b.clients.ResumeReading(slow); err != nil {
		return err
	}
	err := b.clients.Run(ctx, returnTimeout, func() bool {
		return count.Lost >= len(slow) && b.clients.Open() == n && b.clients.Showing(b.revision) == n
	})
	b.clients.Reconnect = false
	if errors.Is(err, wsclient.ErrTimeout) {
		err = nil
	}
	right := len(slow) - (n - b.clients.Showing(b.revision))
	b.slow.right = append(b.slow.right, float64(min(right, count.Lost))/float64(len(slow)))
	count.Lost -= min(count.Lost, len(slow))
	return err
}

// awaitDropped waits until the hub has dropped n slow readers.
func (b *Bench) awaitDropped(ctx context.Context, n int) error {
	for end := time.Now().Add(b.plan.Stall + arrivalTimeout); time.Now().Before(end); {
		var dropped int64
		if err := b.server.Call("Dropped", nil, &dropped); err != nil {
			return err
		}
		if dropped >= int64(n) {
			return nil
		}
		if err := b.clients.Run(ctx, settleTime, nil); err != nil {
			return err
		}
	}
	b.validity.Require(false, "the hub has not given up %d slow readers", n)
	return nil
}

func (b *Bench) slowLines() []report.Line {
	return []report.Line{
		report.Value("one change to all pages, p99, all of which read", medianOf(b.slow.before, broadcast.p99), "ms"),
		report.Value("  where 1 of 100 does not, to the others", medianOf(b.slow.beside, broadcast.p99), "ms"),
		report.Goal("  against before", report.Median(b.slow.ratios), "×", report.AtMost(1.25)),
		report.Goal("slow readers that came back, and are right", report.Min(b.slow.right)/percent, "%", report.AtLeast(100)),
	}
}
