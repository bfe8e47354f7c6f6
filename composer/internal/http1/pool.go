package http1

import (
	"slices"
	"sync"
	"time"
)

// idleTime is how long a connection is kept that nobody uses. Servers keep
// theirs about as long; one that has closed it is noticed before it is used.
const idleTime = time.Minute

// connPool are connections that wait for a request. It is safe for concurrent use.
type connPool struct {
	limit int // for each server

	mu       sync.Mutex
	byServer map[serverName][]*conn // what was used last is at the end
	sweeping *time.Timer            // nil: there are none
	closed   bool                   // nobody has taken one since they were closed
}

func newConnPool(limit int) *connPool {
	return &connPool{limit: limit, byServer: make(map[serverName][]*conn)}
}

// get returns a connection to a server, or nil if none is left that can be
// used. It is the one that was used last: the others can go when there is less
// to do, and it is the least likely to have been closed.
func (i *connPool) get(to serverName) *conn {
	for {
		c := i.pop(to)
		if c == nil || time.Since(c.since) < idleTime && c.isClean() {
			return c
		}
		_ = c.socket.Close()
	}
}

func (i *connPool) pop(to serverName) *conn {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed = false
	kept := i.byServer[to]
	if len(kept) == 0 {
		return nil
	}
	last := len(kept) - 1
	c := kept[last]
	kept[last] = nil
	i.byServer[to] = kept[:last]
	return c
}

// put reports whether it keeps a connection.
func (i *connPool) put(c *conn) bool {
	c.since = time.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	kept := i.byServer[c.to]
	if i.closed || len(kept) >= i.limit {
		return false
	}
	i.byServer[c.to] = append(kept, c)
	if i.sweeping == nil {
		i.sweeping = time.AfterFunc(idleTime, i.sweep)
	}
	return true
}

// sweep closes the connections that were idle for too long. It comes once in
// that time, so that none is kept longer than twice.
func (i *connPool) sweep() {
	for _, c := range i.expired(time.Now().Add(-idleTime)) {
		_ = c.socket.Close()
	}
}

// expired takes out the connections that nobody has used since a time.
func (i *connPool) expired(since time.Time) []*conn {
	i.mu.Lock()
	defer i.mu.Unlock()
	var old []*conn
	for to, kept := range i.byServer {
		n := 0
		for n < len(kept) && !kept[n].since.After(since) {
			n++
		}
		old = append(old, kept[:n]...)
		if i.byServer[to] = slices.Delete(kept, 0, n); n == len(kept) {
			delete(i.byServer, to)
		}
	}
	if i.sweeping != nil && len(i.byServer) > 0 {
		i.sweeping.Reset(idleTime)
	} else {
		i.sweeping = nil
	}
	return old
}

// close closes the connections that there are, and those that come back before
// another one is taken.
func (i *connPool) close() {
	i.mu.Lock()
	all := i.byServer
	i.closed, i.byServer = true, make(map[serverName][]*conn)
	if i.sweeping != nil {
		i.sweeping.Stop()
		i.sweeping = nil
	}
	i.mu.Unlock()
	for _, kept := range all {
		for _, c := range kept { // by https, that may take a while
			_ = c.socket.Close()
		}
	}
}
