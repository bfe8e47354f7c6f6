package limiter_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer/internal/limiter"
)

var (
	nobody = netip.Addr{}
	alice  = netip.MustParseAddr("192.0.2.1")
	bob    = netip.MustParseAddr("192.0.2.2")
)

// held acquires so many slots for a client in the background, and returns how
// many of them it has.
func held(t *testing.T, l *limiter.Limiter, addr netip.Addr, n int) *atomic.Int32 {
	var got atomic.Int32
	for range n {
		go func() {
			if _, err := l.Acquire(t.Context(), addr); err == nil {
				got.Add(1)
			}
		}()
	}
	synctest.Wait()
	return &got
}

func TestAClientHoldsItsShareAtMost(t *testing.T) {
	tests := []struct {
		name string
		addr netip.Addr
		want int32
	}{
		{"a client", alice, 3},
		{"requests of no client", nobody, 8},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if got := held(t, limiter.New(8, 3), test.addr, 20).Load(); got != test.want {
					t.Errorf("%d of 8 slots are held; want %d", got, test.want)
				}
			})
		})
	}
}

func TestAClientAboveItsShareIsInNobodysWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limiter.New(8, 3)
		held(t, l, alice, 100)
		if got := held(t, l, bob, 3).Load(); got != 3 {
			t.Errorf("another client has %d slots while 5 are free; want 3", got)
		}
		if got := held(t, l, nobody, 2).Load(); got != 2 {
			t.Errorf("requests of no client have %d slots while 2 are free; want 2", got)
		}
	})
}

func TestASlotThatIsReturnedGoesToTheNextRequestThatMayHaveIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limiter.New(2, 1)
		ofAlice := held(t, l, alice, 3)
		ofBob := held(t, l, bob, 2)
		if ofAlice.Load() != 1 || ofBob.Load() != 1 {
			t.Fatalf("the clients have %d and %d slots; want one each", ofAlice.Load(), ofBob.Load())
		}
		later := held(t, l, nobody, 1)
		l.Release(alice)
		synctest.Wait()
		if later.Load() != 1 || ofAlice.Load() != 1 {
			t.Errorf("a slot went to alice, who had hers; want the request that waited in the queue")
		}
		l.Release(bob)
		synctest.Wait()
		if ofAlice.Load() != 2 {
			t.Errorf("alice had %d slots; want a second one", ofAlice.Load())
		}
	})
}

func TestTheErrorIsTheCauseOfTheContextsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limiter.New(1, 1)
		held(t, l, nobody, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if waited, err := l.Acquire(ctx, alice); !errors.Is(err, context.DeadlineExceeded) || !waited {
			t.Errorf("Acquire = %v, %v; want true, %v", waited, err, context.DeadlineExceeded)
		}
		l.Release(nobody)
		if waited, err := l.Acquire(t.Context(), alice); err != nil || waited {
			t.Errorf("Acquire of a free slot = %v, %v; want false, nil", waited, err)
		}
	})
}

// TestNoSlotIsLost has clients come, wait, leave and go in every order, and
// counts what is held meanwhile and left in the end.
func TestNoSlotIsLost(t *testing.T) {
	const slots, share, requests = 8, 3, 5000
	synctest.Test(t, func(t *testing.T) {
		l := limiter.New(slots, share)
		clients := []netip.Addr{nobody, alice, bob}
		var all sync.WaitGroup
		var total atomic.Int32
		byClient := make([]atomic.Int32, len(clients))
		for range requests {
			i, patience, takes := rand.IntN(len(clients)), rand.N(5*time.Second), rand.N(20*time.Millisecond)
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				if _, err := l.Acquire(ctx, clients[i]); err != nil {
					return
				}
				if n := total.Add(1); n > slots {
					t.Errorf("%d slots are held; want %d at most", n, slots)
				}
				if n := byClient[i].Add(1); i > 0 && n > share {
					t.Errorf("%v holds %d slots; want %d at most", clients[i], n, share)
				}
				time.Sleep(takes)
				total.Add(-1)
				byClient[i].Add(-1)
				l.Release(clients[i])
			})
		}
		all.Wait()
		if got := held(t, l, nobody, slots).Load(); got != slots {
			t.Errorf("%d slots are left; want %d", got, slots)
		}
	})
}

// BenchmarkAcquire is what the limiter adds to a request that finds a slot.
func BenchmarkAcquire(b *testing.B) {
	for name, addr := range map[string]netip.Addr{"of no client": nobody, "of a client": alice} {
		b.Run(name, func(b *testing.B) {
			l := limiter.New(128, 32)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Acquire(b.Context(), addr); err != nil {
					b.Fatal(err)
				}
				l.Release(addr)
			}
		})
	}
}
