//go:build linux

package wsclient

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"
	"time"

	"selvedge/cmd/bench/internal/workload"
)

// Clients are the clients of one server.
type Clients struct {
	// Reconnect has clients come back when their connection is lost, with the
	// back-off of htmx. Calls of [Clients.Connect] and [Clients.DisconnectAll]
	// turn it off.
	Reconnect bool

	// MaxDialing is the largest number of clients that connect at a time. The
	// default is 1000.
	MaxDialing int

	// PageRevision is the revision with which all pages were rendered. With 0
	// pages are rendered when they connect; [Clients.DisconnectAll] sets it to 0.
	PageRevision int64

	// Counters may be reset between two calls.
	Counters Counters

	clients []Client
	target  Target
	server  netip.AddrPort

	epoll   int
	events  []syscall.EpollEvent
	buffer  []byte
	waiting dialQueue
	dialing int
	open    int
	watch   *Watch
	cuts    *cutting // nil: connections are left alone
}

// Counters count events of all clients.
type Counters struct {
	Messages  int    // with at least one update
	Updates   int    // of views
	Pings     int    // received, and answered
	Backwards int    // updates to a revision older than the shown one
	Lost      int    // open connections that were not ended by the clients
	LastLoss  string // reason of the last of them
}

// A Target is the server of the clients, and the pages that they have of it.
type Target struct {
	Address  string // IPv4 address and port
	Epoch    string // of the server
	Hello    string // first message of each client; empty: none
	Views    int    // of a page
	Personal int    // number of them that are rendered for the session alone
}

// New returns n clients that are not connected. The caller closes them.
func New(n int) (*Clients, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	cs := &Clients{
		MaxDialing: 1000,
		clients:    make([]Client, n),
		epoll:      epoll,
		events:     make([]syscall.EpollEvent, 256),
		buffer:     make([]byte, 64<<10),
	}
	for i := range cs.clients {
		cs.clients[i].number = i
		cs.clients[i].fd = -1
	}
	return cs, nil
}

// Close disconnects all clients and releases the epoll descriptor.
func (cs *Clients) Close() {
	cs.DisconnectAll()
	_ = syscall.Close(cs.epoll)
}

// Open returns the number of open connections.
func (cs *Clients) Open() int { return cs.open }

// Views returns the number of views of a page since the last [Clients.Connect].
func (cs *Clients) Views() int { return cs.target.Views }

// DisconnectAll resets all connections. Pages forget what they show, and which
// of them are slow readers.
func (cs *Clients) DisconnectAll() {
	cs.waiting = nil
	cs.Reconnect = false
	cs.PageRevision = 0
	for i := range cs.clients {
		c := &cs.clients[i]
		cs.drop(c)
		c.shown = [workload.MaxViews]int64{}
		c.slow = false
	}
}

// connectTimeout is the longest time for all clients to connect.
const connectTimeout = 60 * time.Second

// Connect connects those of the first n clients that are not connected, each
// with a page of its own. Clients that fail try again. The error is [ErrTimeout]
// if n clients are not connected within a minute.
func (cs *Clients) Connect(ctx context.Context, n int, t Target) error {
	var err error
	if cs.server, err = netip.ParseAddrPort(t.Address); err != nil {
		return fmt.Errorf("address of the server: %w", err)
	}
	cs.target = t
	now := time.Now()
	for i := range n {
		if cs.clients[i].state == disconnected {
			cs.dialAt(&cs.clients[i], now)
		}
	}
	cs.Reconnect = true
	err = cs.Run(ctx, connectTimeout, func() bool { return cs.open == n })
	cs.Reconnect = false
	return err
}

// ErrTimeout is the error of [Clients.Run] if the limit passes before done
// reports true.
var ErrTimeout = errors.New("time is up")

// Run lets the clients live until done reports true. A nil done never does, and
// is no error at the limit. The error is
//
//   - [ErrTimeout] at the limit,
//   - that of the context when it ends, or
//   - that of epoll_wait.
func (cs *Clients) Run(ctx context.Context, limit time.Duration, done func() bool) error {
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
			return ErrTimeout
		}
		cs.dialDue(now)
		if err := cs.handleEvents(cs.pollTimeout(now, end)); err != nil {
			return err
		}
	}
}

// pollTimeout returns the milliseconds until something besides events is due.
func (cs *Clients) pollTimeout(now, end time.Time) int {
	wait := min(end.Sub(now), 20*time.Millisecond)
	if len(cs.waiting) > 0 && cs.dialing < cs.MaxDialing {
		wait = min(wait, cs.waiting[0].due.Sub(now))
	}
	return max(0, int((wait+time.Millisecond-1)/time.Millisecond))
}

// handleEvents waits for events and handles them.
func (cs *Clients) handleEvents(milliseconds int) error {
	n, err := syscall.EpollWait(cs.epoll, cs.events, milliseconds)
	if err != nil && err != syscall.EINTR {
		return os.NewSyscallError("epoll_wait", err)
	}
	for _, e := range cs.events[:max(n, 0)] {
		c := &cs.clients[e.Fd]
		switch c.state {
		case disconnected: // while an earlier event was handled
		case connecting:
			cs.upgrade(c)
		default:
			cs.receive(c, e.Events&endEvents != 0)
		}
	}
	return nil
}

// dialAt has a client connect at a time.
func (cs *Clients) dialAt(c *Client, at time.Time) {
	c.due = at
	heap.Push(&cs.waiting, c)
}

// dialBatch is the number of clients that dial between two looks at events.
const dialBatch = 64

// dialDue starts to connect the clients whose time has come.
func (cs *Clients) dialDue(now time.Time) {
	for n := 0; n < dialBatch && cs.dialing < cs.MaxDialing && len(cs.waiting) > 0 && !cs.waiting[0].due.After(now); n++ {
		cs.dial(heap.Pop(&cs.waiting).(*Client))
	}
}

// A dialQueue is a heap of clients by the time at which they dial.
type dialQueue []*Client

func (q dialQueue) Len() int           { return len(q) }
func (q dialQueue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q dialQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements [heap.Interface].
func (q *dialQueue) Push(c any) { *q = append(*q, c.(*Client)) }

// Pop implements [heap.Interface].
func (q *dialQueue) Pop() any {
	last := len(*q) - 1
	c := (*q)[last]
	*q = (*q)[:last]
	return c
}
