package composer

import (
	"context"
	"testing"
)

// A body that has ended is not given up because the context of its reading ends
// right after that.
func TestABodyThatIsWholeIsNotGivenUp(t *testing.T) {
	for range 20_000 {
		c := newContent(100, false)
		ctx, cancel := context.WithCancel(t.Context())
		settled := make(chan error)
		go func() { settled <- c.settled(ctx) }()
		_, _ = c.Write([]byte("a"))
		c.end(nil)
		cancel()
		if err := <-settled; err != nil {
			t.Fatalf("a whole body is given up: %v", err)
		}
	}
}
