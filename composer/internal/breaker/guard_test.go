package breaker

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// crowd is a source that knows how many requests it has at a time.
type crowd struct{ requests, now, most atomic.Int64 }

func (c *crowd) come() {
	c.requests.Add(1)
	now := c.now.Add(1)
	for most := c.most.Load(); now > most && !c.most.CompareAndSwap(most, now); {
		most = c.most.Load()
	}
}

func (c *crowd) leave() { c.now.Add(-1) }

func TestManyPagesWithNestedIncludesShareTheirPlaces(t *testing.T) {
	const pages, includes, nested, places = 1000, 10, 2, 128
	synctest.Test(t, func(t *testing.T) {
		p, source := protect(places), &crowd{}
		var running sync.WaitGroup
		var include func(depth int)
		include = func(depth int) {
			passage, err := p.Acquire(t.Context(), someRequest)
			if err != nil {
				t.Error(err)
				return
			}
			source.come()
			time.Sleep(5 * time.Millisecond)
			passage.RecordResponse(200)
			for range depth * nested { // they start while the body is read
				running.Go(func() { include(depth - 1) })
			}
			time.Sleep(5 * time.Millisecond)
			source.leave()
			passage.Release()
		}
		began := time.Now()
		for range pages * includes {
			running.Go(func() { include(1) })
		}
		running.Wait()
		const all = pages * includes * (1 + nested)
		if got := source.requests.Load(); got != all {
			t.Errorf("the source had %d requests; want %d", got, all)
		}
		if got := source.most.Load(); got != places {
			t.Errorf("the source had %d requests at a time; want %d", got, places)
		}
		if took, most := time.Since(began), (all/places+1)*10*time.Millisecond; took > most {
			t.Errorf("it took %v; want %v, in which no place is free while anyone waits", took, most)
		}
	})
}

func TestWhoWaitsForAPlaceLeavesWithItsContext(t *testing.T) {
	tests := []struct {
		name string
		end  func(context.Context, time.Duration) (context.Context, context.CancelFunc)
		want error
	}{
		{"its time is over", context.WithTimeout, context.DeadlineExceeded},
		{"the visitor leaves", leaveAfter, context.Canceled},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := protect(1)
				holder, err := p.Acquire(t.Context(), someRequest)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				ctx, cancel := test.end(t.Context(), time.Second)
				defer cancel()
				if _, err := p.Acquire(ctx, someRequest); !errors.Is(err, test.want) || time.Since(began) != time.Second {
					t.Errorf("enter = %v after %v; want %v after 1 s", err, time.Since(began), test.want)
				}
				holder.Release()
				if _, err := p.Acquire(ctx, someRequest); !errors.Is(err, test.want) {
					t.Errorf("enter that comes too late = %v; want %v", err, test.want)
				}
				if err := p.ask(t.Context(), answers(200)); err != nil {
					t.Errorf("the place is lost: %v", err)
				}
				if got := p.state(); got != "closed" {
					t.Errorf("state() = %q; want closed", got)
				}
			})
		})
	}
}

func TestPlacesAreGivenInTheOrderOfTheQueue(t *testing.T) {
	const visitors = 100
	synctest.Test(t, func(t *testing.T) {
		p := protect(1)
		var order []int // only the one who has the place writes
		for i := range visitors {
			go func() {
				if err := p.ask(t.Context(), func(context.Context) int {
					order = append(order, i)
					time.Sleep(time.Second)
					return 200
				}); err != nil {
					t.Error(err)
				}
			}()
			synctest.Wait()
		}
		time.Sleep(visitors * time.Second)
		synctest.Wait()
		if len(order) != visitors || !slices.IsSorted(order) {
			t.Errorf("%d visitors were served, in the order %v; want all as they came", len(order), order)
		}
	})
}

func TestWhoWaitsForAPlaceIsNotSentToASourceThatDied(t *testing.T) {
	const visitors = 50
	synctest.Test(t, func(t *testing.T) {
		p := protect(1)
		errs := make(chan error, visitors)
		for range visitors {
			go func() {
				errs <- p.ask(t.Context(), func(context.Context) int {
					time.Sleep(10 * time.Millisecond)
					return 503
				})
			}()
		}
		refused := 0
		for range visitors {
			if errors.Is(<-errs, ErrOpen) {
				refused++
			}
		}
		if want := visitors - breakerMinimum; refused != want {
			t.Errorf("%d of %d visitors were refused; want %d, all after those who found it dead", refused, visitors, want)
		}
		if err := p.enterAll(t); err != nil {
			t.Errorf("a place was lost: %v", err)
		}
	})
}

// enterAll takes all places once the source is asked again.
func (p *Guard) enterAll(t *testing.T) error {
	for p.state() != "closed" {
		time.Sleep(probeInterval)
		if err := p.ask(t.Context(), answers(200)); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	for range p.inFlight {
		if _, err := p.Acquire(ctx, someRequest); err != nil {
			return err
		}
	}
	return nil
}

func TestEveryPlaceIsGivenBack(t *testing.T) {
	const places, visitors = 8, 2000
	synctest.Test(t, func(t *testing.T) {
		p, source := protect(places), &crowd{}
		var running sync.WaitGroup
		for i := range visitors {
			running.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(5000))*time.Millisecond)
				defer cancel()
				passage, err := p.Acquire(ctx, someRequest)
				if err != nil {
					return
				}
				source.come()
				time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
				switch i % 4 {
				case 0:
					passage.recordIncomplete(ctx, errLost)
				case 1:
					passage.RecordResponse(503)
				case 2:
					passage.RecordResponse(200)
				}
				source.leave()
				running.Go(passage.Release) // as a body does that is closed by two
				passage.Release()
			})
		}
		running.Wait()
		if got := source.most.Load(); got > places {
			t.Errorf("the source had %d requests at a time; want %d at most", got, places)
		}
		if err := p.enterAll(t); err != nil {
			t.Errorf("a place was lost: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.Acquire(ctx, someRequest); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("enter when all places are taken = %v; want %v", err, context.DeadlineExceeded)
		}
	})
}
