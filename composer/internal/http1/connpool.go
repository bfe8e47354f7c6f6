package http1

import (
	"slices"
	"sync"
	"time"
)

// connPool has the idle connections of a client. It is safe for concurrent use.
type connPool struct {
	limit int // for each server

	mu         sync.Mutex
	byServer   map[serverName][]*conn // in the order of last use
	sweepTimer *time.Timer            // nil: the pool is empty
	closed     bool                   // closed since the last get
}

func newConnPool(limit int) *connPool {
	return &connPool{limit: limit, byServer: make(map[serverName][]*conn)}
}

// idleTime is the maximum age of an idle connection, similar to the limit of servers.
// A connection closed by its server is detected before its next use.
const idleTime = time.Minute

// get returns an idle connection to a server, or nil without a usable connection. It
// returns the connection used last: it is least likely to have been closed, and the
// others expire when there is less traffic.
func (p *connPool) get(to serverName) *conn {
	for {
		c := p.pop(to)
		if c == nil || time.Since(c.idleSince) < idleTime && c.isClean() {
			return c
		}
		_ = c.socket.Close()
	}
}

func (p *connPool) pop(to serverName) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = false
	kept := p.byServer[to]
	if len(kept) == 0 {
		return nil
	}
	last := len(kept) - 1
	c := kept[last]
	kept[last] = nil
	p.byServer[to] = kept[:last]
	return c
}

// put reports whether the pool keeps a connection.
func (p *connPool) put(c *conn) bool {
	c.idleSince = time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.byServer[c.to]
	if p.closed || len(kept) >= p.limit {
		return false
	}
	p.byServer[c.to] = append(kept, c)
	if p.sweepTimer == nil {
		p.sweepTimer = time.AfterFunc(idleTime, p.sweep)
	}
	return true
}

// sweep closes the connections that were idle for idleTime. It runs once in idleTime,
// so that a connection is idle for at most twice as long.
func (p *connPool) sweep() {
	for _, c := range p.expired(time.Now().Add(-idleTime)) {
		_ = c.socket.Close()
	}
}

// expired removes and returns the connections without a use since the given time.
func (p *connPool) expired(since time.Time) []*conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	var old []*conn
	for to, kept := range p.byServer {
		n := 0
		for n < len(kept) && !kept[n].idleSince.After(since) {
			n++
		}
		old = append(old, kept[:n]...)
		if p.byServer[to] = slices.Delete(kept, 0, n); n == len(kept) {
			delete(p.byServer, to)
		}
	}
	if p.sweepTimer != nil && len(p.byServer) > 0 {
		p.sweepTimer.Reset(idleTime)
	} else {
		p.sweepTimer = nil
	}
	return old
}

// close closes the idle connections, and the connections put before the next get.
func (p *connPool) close() {
	p.mu.Lock()
	all := p.byServer
	p.closed, p.byServer = true, make(map[serverName][]*conn)
	if p.sweepTimer != nil {
		p.sweepTimer.Stop()
		p.sweepTimer = nil
	}
	p.mu.Unlock()
	for _, kept := range all {
		for _, c := range kept { // by TLS, closing may take a while
			_ = c.socket.Close()
		}
	}
}
