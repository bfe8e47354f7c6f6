package brokertest_test

import (
	"context"
	"fmt"
	"testing"

	"selvedge/hub"
	"selvedge/hub/brokertest"
)

// A broker that is written as it is published: what the suite runs against.
type logged struct{ hub.Local }

func (l *logged) Publish(ctx context.Context, groups []string) error {
	fmt.Println("published", groups)
	return l.Local.Publish(ctx, groups)
}

func Example() {
	// In a test of the broker's package:
	_ = func(t *testing.T) {
		brokertest.Run(t, func(*testing.T) hub.Broker { return new(logged) })
	}

	b := new(logged)
	_ = b.Subscribe(context.Background(), func(groups []string) { fmt.Println("received", groups) })
	_ = b.Publish(context.Background(), []string{"product:42"})
	// Output:
	// published [product:42]
	// received [product:42]
}
