//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"
	"time"

	"selvedge/cmd/bench/internal/sysinfo"
	"selvedge/cmd/bench/internal/tcpsocket"
	"selvedge/cmd/internal/footprint"
)

// A tour is what a crowd does: so many visitors ask a server for a page, again
// as soon as they have it, for some time after a time that is not counted.
type tour struct {
	visitors      int
	server, path  string
	size          int // of the page, in bytes
	warm, measure time.Duration
	pid, origin   int // processes: the server, and what it has its pages from
}

// A crowd is visitors of one server, each with a connection. All are one
// goroutine, which does as little as it can, so that the server has the rest
// of the machine.
type crowd struct {
	tour
	sample
	visitors []visitor
	request  []byte
	epoll    int
	events   []syscall.EpollEvent
	buffer   []byte
}

// A visitor has one connection.
type visitor struct {
	fd     int
	answer answer
	asked  time.Time
	first  time.Duration // after which the first byte came; 0: it has not
}

// visit goes on a tour.
func visit(ctx context.Context, t tour) (sample, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return sample{}, os.NewSyscallError("epoll_create1", err)
	}
	c := &crowd{
		tour:     t,
		visitors: make([]visitor, t.visitors),
		request:  fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", t.path, t.server),
		epoll:    epoll,
		events:   make([]syscall.EpollEvent, t.visitors),
		buffer:   make([]byte, 256<<10),
	}
	defer c.close()
	if err := c.connect(); err != nil {
		return sample{}, err
	}
	if err := c.run(ctx, t.warm); err != nil {
		return sample{}, err
	}
	c.sample = sample{all: len(c.pages), err: c.err, errors: c.errors}
	served, behind, err := c.times()
	if err != nil {
		return sample{}, err
	}
	if err := c.run(ctx, t.measure); err != nil {
		return sample{}, err
	}
	c.all += len(c.pages)
	c.served, c.behind, err = c.times()
	c.served -= served
	c.behind -= behind
	return c.sample, err
}

// times are the processor times that server and origin have used.
func (t tour) times() (served, behind time.Duration, err error) {
	if served, err = sysinfo.ProcessTreeTime(t.pid); err != nil {
		return 0, 0, err
	}
	behind, err = sysinfo.ProcessTreeTime(t.origin)
	return served, behind, err
}

// connect connects all visitors and has each ask for the page.
func (c *crowd) connect() error {
	address, err := netip.ParseAddrPort(c.server)
	if err != nil {
		return fmt.Errorf("address of the server: %w", err)
	}
	for i := range c.visitors {
		c.visitors[i].fd = -1
	}
	for i := range c.visitors {
		v := &c.visitors[i]
		if v.fd, err = tcpsocket.Connect(address); err != nil {
			return err
		}
		event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(i)}
		if err := syscall.EpollCtl(c.epoll, syscall.EPOLL_CTL_ADD, v.fd, &event); err != nil {
			return os.NewSyscallError("epoll_ctl", err)
		}
		c.ask(v)
	}
	return nil
}

// patience is how long a crowd waits for its first page.
const patience = 10 * time.Second

// run lets the visitors live for some time, and until they have seen a page.
func (c *crowd) run(ctx context.Context, limit time.Duration) error {
	before, err := footprint.ProcessorTime()
	if err != nil {
		return err
	}
	begun := time.Now()
	for ctx.Err() == nil && c.errors < len(c.visitors) {
		since := time.Since(begun)
		if since >= limit && len(c.pages) > 0 || since >= limit+patience {
			break
		}
		n, err := syscall.EpollWait(c.epoll, c.events, 10)
		if err != nil && err != syscall.EINTR {
			return os.NewSyscallError("epoll_wait", err)
		}
		for _, e := range c.events[:max(n, 0)] {
			c.receive(&c.visitors[e.Fd])
		}
	}
	c.took = time.Since(begun)
	after, err := footprint.ProcessorTime()
	c.used = after - before
	return errors.Join(ctx.Err(), err)
}

// ask asks for the page.
func (c *crowd) ask(v *visitor) {
	v.asked, v.first = time.Now(), 0
	if n, err := syscall.Write(v.fd, c.request); err != nil || n < len(c.request) {
		c.fail(v, fmt.Errorf("write %d bytes: %w", len(c.request), err))
	}
}

// receive reads what has come for a visitor.
func (c *crowd) receive(v *visitor) {
	if v.fd < 0 {
		return // dropped by what came before it
	}
	n, err := syscall.Read(v.fd, c.buffer)
	switch {
	case err == syscall.EAGAIN || err == syscall.EINTR:
		return
	case err != nil:
		c.fail(v, os.NewSyscallError("read", err))
		return
	case n <= 0:
		c.fail(v, errors.New("the server closed the connection"))
		return
	}
	if v.first == 0 {
		v.first = time.Since(v.asked)
	}
	if err := c.take(v, c.buffer[:n]); err != nil {
		c.fail(v, err)
	}
}

// take reads a part of a page, and asks for it again after the last one.
func (c *crowd) take(v *visitor, b []byte) error {
	rest, err := v.answer.read(b)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return errors.New("more came than was asked for")
	case v.answer.stage != complete:
		return nil
	}
	if err := v.answer.check(c.size); err != nil {
		return err
	}
	c.pages = append(c.pages, time.Since(v.asked))
	c.firsts = append(c.firsts, v.first)
	v.answer = answer{line: v.answer.line[:0]}
	c.ask(v)
	return nil
}

// fail notes what went wrong. The visitor is gone.
func (c *crowd) fail(v *visitor, err error) {
	c.errors++
	if c.err == nil {
		c.err = err
	}
	c.drop(v)
}

func (c *crowd) drop(v *visitor) {
	if v.fd >= 0 {
		tcpsocket.Reset(v.fd) // which takes it out of epoll, since nobody else has it
	}
	v.fd = -1
}

func (c *crowd) close() {
	for i := range c.visitors {
		c.drop(&c.visitors[i])
	}
	_ = syscall.Close(c.epoll)
}
