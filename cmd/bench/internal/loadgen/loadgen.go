//go:build linux

package loadgen

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

// A Load says which page is requested, over how many connections, and for how
// long. All fields but WarmUp are required.
type Load struct {
	Connections int
	Server      string // IPv4 address and port
	Path        string
	BodySize    int           // of the page, in bytes
	WarmUp      time.Duration // before Duration, not counted
	Duration    time.Duration

	// The processes whose processor time is measured, with their children: the
	// server, and the origin behind it.
	ServerPID, OriginPID int
}

// Run requests the page over all connections and returns the samples of the
// time after the warm-up. Each phase lasts until at least one page is complete,
// but at most ten seconds longer than planned.
//
// A response other than 200 with BodySize bytes ends its connection and counts as
// an error in the sample. Run itself fails if
//
//   - the server cannot be reached,
//   - the context ends, or
//   - processor times cannot be read.
func Run(ctx context.Context, l Load) (Sample, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return Sample{}, os.NewSyscallError("epoll_create1", err)
	}
	g := &generator{
		load:        l,
		connections: make([]connection, l.Connections),
		request:     fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", l.Path, l.Server),
		epoll:       epoll,
		events:      make([]syscall.EpollEvent, l.Connections),
		buffer:      make([]byte, 256<<10),
	}
	defer g.close()
	if err := g.connect(); err != nil {
		return Sample{}, err
	}
	if err := g.run(ctx, l.WarmUp); err != nil {
		return Sample{}, err
	}
	g.sample = Sample{Total: len(g.sample.Latencies), FirstError: g.sample.FirstError, Errors: g.sample.Errors}
	server, origin, err := l.processorTimes()
	if err != nil {
		return Sample{}, err
	}
	if err := g.run(ctx, l.Duration); err != nil {
		return Sample{}, err
	}
	g.sample.Total += len(g.sample.Latencies)
	g.sample.ServerTime, g.sample.OriginTime, err = l.processorTimes()
	g.sample.ServerTime -= server
	g.sample.OriginTime -= origin
	return g.sample, err
}

// processorTimes returns the processor times that server and origin have used.
func (l Load) processorTimes() (server, origin time.Duration, err error) {
	if server, err = sysinfo.ProcessTreeTime(l.ServerPID); err != nil {
		return 0, 0, err
	}
	origin, err = sysinfo.ProcessTreeTime(l.OriginPID)
	return server, origin, err
}

// A generator has the connections of a load.
type generator struct {
	load        Load
	sample      Sample
	connections []connection
	request     []byte
	epoll       int
	events      []syscall.EpollEvent
	buffer      []byte
}

// A connection has at most one request in flight.
type connection struct {
	fd        int // -1: closed
	response  response
	sent      time.Time     // when the request was written
	firstByte time.Duration // from the request to the first byte; 0: no byte yet
}

// connect opens all connections and writes the first requests.
func (g *generator) connect() error {
	address, err := netip.ParseAddrPort(g.load.Server)
	if err != nil {
		return fmt.Errorf("address of the server: %w", err)
	}
	for i := range g.connections {
		g.connections[i].fd = -1
	}
	for i := range g.connections {
		c := &g.connections[i]
		if c.fd, err = tcpsocket.Connect(address); err != nil {
			return err
		}
		event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(i)}
		if err := syscall.EpollCtl(g.epoll, syscall.EPOLL_CTL_ADD, c.fd, &event); err != nil {
			return os.NewSyscallError("epoll_ctl", err)
		}
		g.sendRequest(c)
	}
	return nil
}

// maxOverrun is the longest wait for the first page of a phase, after the phase.
const maxOverrun = 10 * time.Second

// run serves the connections for a duration, and longer while no page is
// complete.
func (g *generator) run(ctx context.Context, duration time.Duration) error {
	before, err := footprint.ProcessorTime()
	if err != nil {
		return err
	}
	begun := time.Now()
	for ctx.Err() == nil && g.sample.Errors < len(g.connections) {
		elapsed := time.Since(begun)
		if elapsed >= duration && len(g.sample.Latencies) > 0 || elapsed >= duration+maxOverrun {
			break
		}
		n, err := syscall.EpollWait(g.epoll, g.events, 10)
		if err != nil && err != syscall.EINTR {
			return os.NewSyscallError("epoll_wait", err)
		}
		for _, e := range g.events[:max(n, 0)] {
			g.receive(&g.connections[e.Fd])
		}
	}
	g.sample.Elapsed = time.Since(begun)
	after, err := footprint.ProcessorTime()
	g.sample.ClientTime = after - before
	return errors.Join(ctx.Err(), err)
}

// sendRequest writes a request.
func (g *generator) sendRequest(c *connection) {
	c.sent, c.firstByte = time.Now(), 0
	if n, err := syscall.Write(c.fd, g.request); err != nil || n < len(g.request) {
		g.fail(c, fmt.Errorf("write %d bytes: %w", len(g.request), err))
	}
}

// receive reads from a connection that is readable or has ended.
func (g *generator) receive(c *connection) {
	if c.fd < 0 {
		return // closed while an earlier event was handled
	}
	n, err := syscall.Read(c.fd, g.buffer)
	switch {
	case err == syscall.EAGAIN || err == syscall.EINTR:
		return
	case err != nil:
		g.fail(c, os.NewSyscallError("read", err))
		return
	case n <= 0:
		g.fail(c, errors.New("the server closed the connection"))
		return
	}
	if c.firstByte == 0 {
		c.firstByte = time.Since(c.sent)
	}
	if err := g.parse(c, g.buffer[:n]); err != nil {
		g.fail(c, err)
	}
}

// parse parses a part of a response. A complete response is counted, and the
// next request written.
func (g *generator) parse(c *connection, b []byte) error {
	rest, err := c.response.parse(b)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return errors.New("more came than was asked for")
	case c.response.stage != complete:
		return nil
	}
	if err := c.response.verify(g.load.BodySize); err != nil {
		return err
	}
	g.sample.Latencies = append(g.sample.Latencies, time.Since(c.sent))
	g.sample.FirstBytes = append(g.sample.FirstBytes, c.firstByte)
	c.response = response{line: c.response.line[:0]}
	g.sendRequest(c)
	return nil
}

// fail counts an error and closes the connection.
func (g *generator) fail(c *connection, err error) {
	g.sample.Errors++
	if g.sample.FirstError == nil {
		g.sample.FirstError = err
	}
	c.close()
}

// close resets the connection. The kernel takes it out of epoll, because no
// other process has the descriptor.
func (c *connection) close() {
	if c.fd >= 0 {
		tcpsocket.Reset(c.fd)
	}
	c.fd = -1
}

// close closes all connections.
func (g *generator) close() {
	for i := range g.connections {
		g.connections[i].close()
	}
	_ = syscall.Close(g.epoll)
}
