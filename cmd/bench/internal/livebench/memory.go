//go:build linux

package livebench

import (
	"context"
	"time"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/internal/footprint"
)

// memorySamples are bytes of resident memory for a connection.
type memorySamples struct {
	hub, personal, naive []float64
}

// MeasureMemory measures the memory of the hub for a connection.
func (b *Bench) MeasureMemory(ctx context.Context) error {
	bytes, err := b.memoryPerConnection(ctx, 0)
	if err != nil {
		return err
	}
	b.memory.hub = append(b.memory.hub, bytes)
	return nil
}

func (b *Bench) memoryLines() []report.Line {
	return []report.Line{
		report.Goal("memory for an idle connection, 8 views", report.Median(b.memory.hub)/kilobyte, "kB", report.AtMost(10)),
	}
}

// personalViews is the number of personal views of a page, where there are any.
const personalViews = 2

// MeasurePersonalMemory measures the memory of the hub for a connection whose
// page has two personal views.
func (b *Bench) MeasurePersonalMemory(ctx context.Context) error {
	bytes, err := b.memoryPerConnection(ctx, personalViews)
	if err != nil {
		return err
	}
	b.memory.personal = append(b.memory.personal, bytes)
	return nil
}

func (b *Bench) personalLines() []report.Line {
	return []report.Line{
		report.Value("memory, 2 of the 8 views personal", report.Median(b.memory.personal)/kilobyte, "kB"),
	}
}

// warmUpConnections is the number of connections before a measurement of memory,
// so that memory which a server needs once is not counted.
const warmUpConnections = 100

// memoryPerConnection returns the resident memory of the server for a connection
// in bytes: the difference that all connections make, divided by their number.
// It leaves all pages connected.
func (b *Bench) memoryPerConnection(ctx context.Context, personal int) (float64, error) {
	if _, err := b.footprint(ctx, min(warmUpConnections, b.plan.Connections), personal); err != nil {
		return 0, err
	}
	b.clients.DisconnectAll()
	before, err := b.footprint(ctx, 0, personal)
	if err != nil {
		return 0, err
	}
	messages, begun := b.clients.Counters.Messages, time.Now()
	after, err := b.footprint(ctx, b.plan.Connections, personal)
	if err != nil {
		return 0, err
	}
	messages = b.clients.Counters.Messages - messages
	b.validity.Require(messages == 0, "%d messages came when nothing had changed", messages)
	n := float64(b.plan.Connections)
	b.Logf("  memory: %d connections after %v; of each %.0f bytes of heap, %.0f of stacks, %.1f goroutines",
		b.clients.Open(), time.Since(begun).Round(time.Millisecond), float64(after.Heap-before.Heap)/n,
		float64(after.Stacks-before.Stacks)/n, float64(after.Goroutines-before.Goroutines)/n)
	return float64(after.Resident-before.Resident) / n, nil
}

// footprint connects n pages and returns the memory of the server afterwards.
func (b *Bench) footprint(ctx context.Context, n, personal int) (f footprint.Footprint, err error) {
	if err := b.connect(ctx, n, workload.DefaultViews, personal); err != nil {
		return f, err
	}
	if err := b.clients.Run(ctx, settleTime, nil); err != nil {
		return f, err
	}
	return f, b.server.Call("Settle", nil, &f)
}
