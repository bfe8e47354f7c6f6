package stream

import (
	"context"
	"testing"
)

// A body that has ended is not given up because the context of its reading ends
// right after that.
func TestABodyThatIsWholeIsNotGivenUp(t *testing.T) {
	for range 20_000 {
		b := &Body{Limit: 100}
		ctx, cancel := context.WithCancel(t.Context())
		complete := make(chan error)
		go func() { complete <- b.WaitComplete(ctx) }()
		_, _ = b.Write([]byte("a"))
		b.End(nil)
		cancel()
		if err := <-complete; err != nil {
			t.Fatalf("a whole body is given up: %v", err)
		}
	}
}
