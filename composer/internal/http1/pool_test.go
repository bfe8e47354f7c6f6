package http1

import (
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// inUse is a connection that comes back to where idle ones are.
func inUse(t *testing.T, i *connPool, to string) *conn {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _, _ = ours.Close(), theirs.Close() })
	c := newConn(ours, serverName{host: to}, i)
	c.isSilent = func() bool { return true }
	return c
}

// isClosed reports whether a connection was closed by us.
func isClosed(c *conn) bool { return c.socket.SetDeadline(time.Time{}) != nil }

func TestIdleConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := newConnPool(2)
		a, b, one := inUse(t, i, "a.example"), inUse(t, i, "a.example"), inUse(t, i, "b.example")
		a.finish(true)
		b.finish(true)
		over := inUse(t, i, "a.example")
		if over.finish(true); !isClosed(over) {
			t.Error("more are kept than may be")
		}
		if got := i.get(serverName{host: "a.example"}); got != b {
			t.Error("the one taken is not the one that was used last")
		}
		if got := i.get(serverName{true, "a.example"}); got != nil {
			t.Error("one by http is used for https")
		}
		one.finish(true)
		time.Sleep(idleTime - time.Second)
		b.finish(true)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !isClosed(a) || !isClosed(one) || isClosed(b) {
			t.Errorf("after its time, %t, %t and %t are closed; want the first two", isClosed(a), isClosed(one), isClosed(b))
		}
		time.Sleep(idleTime - 3*time.Second)
		if got := i.get(serverName{host: "a.example"}); got != b {
			t.Error("the one that was used later is gone before its time")
		}
		b.finish(true)
		time.Sleep(2 * idleTime)
		synctest.Wait()
		if !isClosed(b) || i.sweepTimer != nil || len(i.byServer) != 0 {
			t.Error("somebody looks after connections that are gone")
		}
	})
}

func TestClosedConnections(t *testing.T) {
	i := newConnPool(2)
	a, b := inUse(t, i, "a.example"), inUse(t, i, "a.example")
	a.finish(true)
	i.close()
	if b.finish(true); !isClosed(a) || !isClosed(b) {
		t.Error("idle connections, or those that become idle, are left open")
	}
	if i.get(serverName{host: "a.example"}) != nil {
		t.Error("a closed connection is used")
	}
	c := inUse(t, i, "a.example")
	if c.finish(true); isClosed(c) {
		t.Error("nothing is kept after another request")
	}
	i.close()
}
