//go:build linux

package main

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"
	"time"

	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/workload"
)

// A swarm is many clients of one server, all in one loop of one goroutine:
// [swarm.run], which everything else is called between.
type swarm struct {
	clients   []client
	server    netip.AddrPort
	views     int // of a page
	personal  int // of them
	epoch     string
	hello     string // what a client says first; empty: nothing
	rendered  int64  // revision that the pages were rendered with; 0: that of when they connect
	returning bool   // clients that are cut off come back
	atOnce    int    // most clients that dial at a time

	epoll   int
	events  []syscall.EpollEvent
	buffer  []byte
	waiting queue // to dial
	dialing int
	open    int
	watch   *watch
	jitter  *jitter // nil: connections are left alone

	messages, updates, pings int    // received since the start
	backwards                int    // updates older than what the client showed
	lost                     int    // connections that ended unasked
	loss                     string // how the last of them ended
}

// newSwarm returns n clients that are not connected.
func newSwarm(n int) (*swarm, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	s := &swarm{
		clients: make([]client, n),
		atOnce:  1000,
		epoll:   epoll,
		events:  make([]syscall.EpollEvent, 256),
		buffer:  make([]byte, 64<<10),
	}
	for i := range s.clients {
		s.clients[i].number = i
		s.clients[i].fd = -1
	}
	return s, nil
}

// close drops all connections.
func (s *swarm) close() {
	s.disconnect()
	_ = syscall.Close(s.epoll)
}

// disconnect drops all connections and forgets what their pages showed.
func (s *swarm) disconnect() {
	s.waiting = nil
	s.returning = false
	s.rendered = 0
	for i := range s.clients {
		c := &s.clients[i]
		s.drop(c)
		c.shows = [workload.MaxViews]int64{}
		c.slow = false
	}
}

// connectTime is how long all clients may take to connect.
const connectTime = 60 * time.Second

// connect connects those of the first n clients that are not connected, each
// with a page of its own.
func (s *swarm) connect(ctx context.Context, n int, to process.Greeting, views, personal int) error {
	var err error
	if s.server, err = netip.ParseAddrPort(to.Address); err != nil {
		return fmt.Errorf("address of the server: %w", err)
	}
	s.epoch, s.hello, s.views, s.personal = to.Epoch, to.Hello, views, personal
	now := time.Now()
	for i := range n {
		if s.clients[i].state == away {
			s.dialAt(&s.clients[i], now)
		}
	}
	s.returning = true
	err = s.run(ctx, connectTime, func() bool { return s.open == n })
	s.returning = false
	return err
}

// dialAt has a client connect at a time.
func (s *swarm) dialAt(c *client, at time.Time) {
	c.due = at
	heap.Push(&s.waiting, c)
}

var errTime = errors.New("time is up")

// run lets the clients live until done says so. It returns errTime if that
// takes longer than the limit; with no done, the limit is what was asked for.
func (s *swarm) run(ctx context.Context, limit time.Duration, done func() bool) error {
	end := time.Now().Add(limit)
	for {
		if done != nil && done() {
			return nil
		}
		now := time.Now()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case now.After(end) && done == nil:
			return nil
		case now.After(end):
			return errTime
		}
		s.dialDue(now)
		if err := s.handle(s.patience(now, end)); err != nil {
			return err
		}
	}
}

// patience is how many milliseconds may pass until there is something to do
// besides events.
func (s *swarm) patience(now, end time.Time) int {
	wait := min(end.Sub(now), 20*time.Millisecond)
	if len(s.waiting) > 0 && s.dialing < s.atOnce {
		wait = min(wait, s.waiting[0].due.Sub(now))
	}
	return max(0, int((wait+time.Millisecond-1)/time.Millisecond))
}

// maxDials is how many clients dial before others are heard.
const maxDials = 64

// dialDue dials for clients whose time has come.
func (s *swarm) dialDue(now time.Time) {
	for n := 0; n < maxDials && s.dialing < s.atOnce && len(s.waiting) > 0 && !s.waiting[0].due.After(now); n++ {
		s.dial(heap.Pop(&s.waiting).(*client))
	}
}

// handle waits for events and handles those that there are.
func (s *swarm) handle(milliseconds int) error {
	n, err := syscall.EpollWait(s.epoll, s.events, milliseconds)
	if err != nil && err != syscall.EINTR {
		return os.NewSyscallError("epoll_wait", err)
	}
	for _, e := range s.events[:max(n, 0)] {
		c := &s.clients[e.Fd]
		switch c.state {
		case away: // dropped by what came before it
		case dialing:
			s.upgrade(c)
		default:
			s.receive(c, e.Events&ends != 0)
		}
	}
	return nil
}

// queue is a heap of clients by when they are due.
type queue []*client

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements [heap.Interface].
func (q *queue) Push(c any) { *q = append(*q, c.(*client)) }

// Pop implements [heap.Interface].
func (q *queue) Pop() any {
	last := len(*q) - 1
	c := (*q)[last]
	*q = (*q)[:last]
	return c
}
