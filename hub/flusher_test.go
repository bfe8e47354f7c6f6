package hub

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestAChangeReachesAllInOneRound has an hour between two rounds.
func TestAChangeReachesAllInOneRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := fill(t, 1, time.Hour)
		for range 10 {
			time.Sleep(time.Hour)
			begin := time.Now()
			h.Invalidate("v0")
			<-d.all
			if took := time.Since(begin); took != 0 {
				t.Fatalf("a change reached all after %v; want at once", took)
			}
		}
	})
}
