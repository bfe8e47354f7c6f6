package hub_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/hub"
)

// Connections are cut at random and stay away for two seconds or more, while
// the data changes twice a second: each page ends at the server's state.
func TestJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("a", 1)
		const clients, changes = 50, 120
		browsers := make([]*browser, clients)
		var reading, cutting sync.WaitGroup
		end := time.Now().Add(changes / 2 * time.Second)
		for i := range browsers {
			b := &browser{shows: map[string]int64{"a": 1}}
			browsers[i] = b
			random := rand.New(rand.NewPCG(uint64(i), 3))
			cutting.Go(func() {
				for time.Now().Before(end) {
					connect(t, s, b, &reading)
					time.Sleep(time.Duration(random.Int64N(int64(15 * time.Second))))
					b.reload()
					time.Sleep(2*time.Second + time.Duration(random.Int64N(int64(time.Second))))
				}
				connect(t, s, b, &reading)
			})
		}
		for n := int64(2); n <= changes; n++ {
			time.Sleep(time.Second / 2)
			s.change("a", n)
		}
		cutting.Wait()
		time.Sleep(time.Second)
		synctest.Wait()
		for i, b := range browsers {
			if !b.is(map[string]int64{"a": changes}) || b.back != "" {
				t.Errorf("browser %d shows %v, %s; want %d", i, b.shows, b.back, changes)
			}
			b.reload()
		}
		reading.Wait()
	})
}
