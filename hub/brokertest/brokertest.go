package brokertest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"selvedge/hub"
)

// maxDelivery is the time in which a broker must deliver.
const maxDelivery = 20 * time.Second

// Run tests the brokers made by create. Each test has a broker of its own,
// without subscribers of other tests.
func Run(t *testing.T, create func(t *testing.T) hub.Broker) {
	t.Run("what is published reaches every subscriber", func(t *testing.T) { reachesSubscribers(t, create(t)) })
	t.Run("one publisher's order is kept", func(t *testing.T) { keepsOrder(t, create(t)) })
	t.Run("a subscriber is called by one goroutine at a time", func(t *testing.T) { callsOneAtATime(t, create(t)) })
	t.Run("nothing comes after the subscription has ended", func(t *testing.T) { endsSubscription(t, create(t)) })
	t.Run("publishing to nobody is no error", func(t *testing.T) { publish(t, create(t), "a") })
}

func reachesSubscribers(t *testing.T, b hub.Broker) {
	first, second := subscribe(t.Context(), t, b), subscribe(t.Context(), t, b)
	publish(t, b, "product:1", "cart:ä b")
	want := []string{"product:1", "cart:ä b"}
	for _, received := range []<-chan []string{first, second} {
		if got := receiveNext(t, received); !slices.Equal(got, want) {
			t.Errorf("received %q; want %q", got, want)
		}
	}
}

func keepsOrder(t *testing.T, b hub.Broker) {
	received := subscribe(t.Context(), t, b)
	const n = 500
	for i := range n {
		publish(t, b, fmt.Sprint(i))
	}
	for i := range n {
		if got := receiveNext(t, received); !slices.Equal(got, []string{fmt.Sprint(i)}) {
			t.Fatalf("received %q; want %d", got, i)
		}
	}
}

func callsOneAtATime(t *testing.T, b hub.Broker) {
	const publishers, each = 8, 50
	calls := 0 // the race detector reports overlapping calls
	all := make(chan struct{})
	if err := b.Subscribe(t.Context(), func([]string) {
		if calls++; calls == publishers*each {
			close(all)
		}
	}); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range publishers {
		group.Go(func() {
			for range each {
				publish(t, b, "a")
			}
		})
	}
	group.Wait()
	select {
	case <-all:
	case <-time.After(maxDelivery):
		t.Errorf("not all of %d invalidations came within %v", publishers*each, maxDelivery)
	}
}

func endsSubscription(t *testing.T, b hub.Broker) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := subscribe(ctx, t, b)
	stays := subscribe(t.Context(), t, b)
	publish(t, b, "before")
	receiveNext(t, ended)
	receiveNext(t, stays)
	cancel()
	publish(t, b, "after")
	receiveNext(t, stays)
	select {
	case got := <-ended:
		t.Errorf("received %q after the end; want nothing", got)
	default:
	}
}

func subscribe(ctx context.Context, t *testing.T, b hub.Broker) <-chan []string {
	t.Helper()
	received := make(chan []string, 1000)
	if err := b.Subscribe(ctx, func(groups []string) { received <- groups }); err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	return received
}

func publish(t *testing.T, b hub.Broker, groups ...string) {
	t.Helper()
	if err := b.Publish(t.Context(), groups); err != nil {
		t.Errorf("Publish(%q): %v", groups, err)
	}
}

func receiveNext(t *testing.T, received <-chan []string) []string {
	t.Helper()
	select {
	case groups := <-received:
		return groups
	case <-time.After(maxDelivery):
		t.Fatalf("nothing came within %v", maxDelivery)
		return nil
	}
}
