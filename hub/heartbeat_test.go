package hub

import (
	"net/http"
	"runtime"
	"testing"
	"time"
)

// TestWhoWaitsToJoinIsAliveWhenTheyDo advances the timer wheel while a connection
// waits for the hub. If it were as old as its wait, and in the slot of that tick,
// it would be taken for one that has not answered a ping.
func TestWhoWaitsToJoinIsAliveWhenTheyDo(t *testing.T) {
	h, err := New(nil, Options{Ping: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close(t.Context()) }()
	for range 200 {
		c := h.newConnection(new(http.Request), WebSocket, swapTrue)
		joined := make(chan bool)
		h.mu.Lock()
		go func() { joined <- h.join(c, Page{}) }()
		for range 100 {
			runtime.Gosched() // so that they wait
			h.pingTick.Add(1)
		}
		h.mu.Unlock()
		if !<-joined || c.lastHeard.Load() != h.pingTick.Load() {
			t.Errorf("who has joined at tick %d was heard at %d", h.pingTick.Load(), c.lastHeard.Load())
		}
		h.leave(c)
	}
}
