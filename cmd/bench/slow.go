//go:build linux

package main

import (
	"context"
	"errors"
	"syscall"
	"time"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// One of slowOne clients is a slow reader.
const slowOne = 100

// What a slow reader is sent until its socket is full: the kernel keeps some
// 200 KB for it, and the hub the rest of one message.
const (
	stuffing = 64 << 10
	stuffed  = 8
)

// measureSlow measures changes to all pages while one of a hundred does not
// read, and before. The slow ones must be told to come back, and be right
// once they have.
func (b *bench) measureSlow(ctx context.Context) error {
	if err := b.rendered(); err != nil {
		return err
	}
	slow := b.swarm.someSlow()
	if err := b.swarm.connect(ctx, b.connections, b.server.Greeting, workload.DefaultViews, 0); err != nil {
		return err
	}
	before, err := b.broadcasts(ctx, b.connections, "Change")
	if err != nil {
		return err
	}
	if err := b.stopReading(ctx, slow); err != nil {
		return err
	}
	beside, err := b.broadcasts(ctx, b.connections-len(slow), "Change")
	if err != nil {
		return err
	}
	b.attentive = append(b.attentive, before[0]...)
	b.besideSlow = append(b.besideSlow, beside[0]...)
	p99 := func(sent []broadcast) float64 { return report.Median(report.Times(sent, broadcast.P99)) }
	b.slowRatio = append(b.slowRatio, p99(beside[0])/p99(before[0]))
	return b.readAgain(ctx, slow)
}

// someSlow chooses the slow readers.
func (s *swarm) someSlow() []*client {
	var slow []*client
	for i := range s.clients {
		if i%slowOne == slowOne/2 || len(s.clients) < slowOne && i == 0 {
			s.clients[i].slow = true
			slow = append(slow, &s.clients[i])
		}
	}
	return slow
}

// stopReading has slow readers read no more, and stuffs what is between them
// and the server.
func (b *bench) stopReading(ctx context.Context, slow []*client) error {
	for _, c := range slow {
		if err := syscall.EpollCtl(b.swarm.epoll, syscall.EPOLL_CTL_DEL, c.fd, nil); err != nil {
			return err
		}
	}
	for range stuffed {
		for _, c := range slow {
			b.revision++
			err := b.server.Call("Change", workload.Change{Session: session(c), Revision: b.revision, Size: stuffing}, nil)
			if err != nil {
				return err
			}
		}
		if err := b.swarm.run(ctx, quiet/2, nil); err != nil {
			return err
		}
	}
	return nil
}

// readAgain waits until the hub has given up the slow readers, and has them
// read. They must come back, and show the last change then. Most are told to
// with the code 1013; those that were pinged just before their sockets were
// full have been dropped by then, for they gave no sign of life.
func (b *bench) readAgain(ctx context.Context, slow []*client) error {
	s := b.swarm
	if err := b.awaitGivenUp(ctx, len(slow)); err != nil {
		return err
	}
	s.returning = true
	for _, c := range slow {
		event := syscall.EpollEvent{Events: arrivals, Fd: int32(c.number)}
		if err := syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_ADD, c.fd, &event); err != nil {
			return err
		}
	}
	err := s.run(ctx, returnTime, func() bool {
		return s.lost >= len(slow) && s.open == b.connections && s.showing(b.revision) == b.connections
	})
	s.returning = false
	if errors.Is(err, errTime) {
		err = nil
	}
	right := len(slow) - (b.connections - s.showing(b.revision))
	b.slowRight = append(b.slowRight, float64(min(right, s.lost))/float64(len(slow)))
	s.lost -= min(s.lost, len(slow))
	return err
}

// awaitGivenUp waits until the hub has given up so many slow readers.
func (b *bench) awaitGivenUp(ctx context.Context, n int) error {
	for end := time.Now().Add(b.stall + arrivalTime); time.Now().Before(end); {
		var given int64
		if err := b.server.Call("Dropped", nil, &given); err != nil {
			return err
		}
		if given >= int64(n) {
			return nil
		}
		if err := b.swarm.run(ctx, quiet, nil); err != nil {
			return err
		}
	}
	b.Require(false, "the hub has not given up %d slow readers", n)
	return nil
}
