package hub

import (
	"time"

	"github.com/coder/websocket"
)

// runHeartbeat visits connections until the hub is closed.
func (h *Hub) runHeartbeat(interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-ticker.C:
			h.pingAndReap(h.pingTick.Add(1), interval)
		}
	}
}

// pingAndReap pings the connections of this beat, and ends those that have not
// answered the ping of an earlier beat or have been silent for too long.
func (h *Hub) pingAndReap(now int64, interval time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.timerWheel[now%wheelSlots] {
		if idle := h.options.Idle; idle > 0 && time.Duration(now-c.lastHeard.Load())*interval > idle {
			h.stats.reaped.Add(1)
			c.closeWith(websocket.StatusTryAgainLater, "idle")
		} else if h.options.Ping > 0 {
			c.pingDue.Store(true)
			h.flusher.mark(c)
		}
	}
	if h.options.Ping < 0 {
		return
	}
	asked := now - int64((h.options.Pong+interval-1)/interval)
	for c := range h.timerWheel[(asked+wheelSlots)%wheelSlots] {
		if c.transport == WebSocket && c.lastHeard.Load() < asked {
			h.stats.reaped.Add(1)
			c.conn.closeNow()
		}
	}
}

// heartbeatInterval is the time between two visits of the heart to a connection; 0: it
// has nothing to do.
func (h *Hub) heartbeatInterval() time.Duration {
	if h.options.Ping > 0 {
		return h.options.Ping
	}
	return max(h.options.Idle, 0)
}

// wheelSlots is how many times the heart beats in a turn. Each connection has a
// beat at random on which it is pinged, so that pings do not come together.
const wheelSlots = 64
