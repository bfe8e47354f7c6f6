package hub

import (
	"time"

	"github.com/coder/websocket"
)

// runHeartbeat advances the timer wheel until the hub is closed.
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

// pingAndReap handles a tick of the timer wheel:
//   - Connections silent for longer than Options.Idle are closed.
//   - The remaining connections in this tick's slot are pinged.
//   - WebSockets silent since their ping, Options.Pong ago, are dropped.
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

// heartbeatInterval is the time in which the timer wheel visits every
// connection: Options.Ping, or Options.Idle without pings. With 0 there is no
// heartbeat.
func (h *Hub) heartbeatInterval() time.Duration {
	if h.options.Ping > 0 {
		return h.options.Ping
	}
	return max(h.options.Idle, 0)
}

// wheelSlots is the number of slots in the timer wheel. Each connection is in a
// random slot, so that pings are spread over the interval.
const wheelSlots = 64
