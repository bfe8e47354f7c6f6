package composer

import (
	"io"
	"sync"
)

// expectedBody is the body of a request that waits for 100 Continue. The first
// Read says so to the visitor, through the relay: net/http would say it by
// itself, in the middle of what the relay writes at the same time.
type expectedBody struct {
	io.ReadCloser
	relay *relay
	once  sync.Once
}

func (b *expectedBody) Read(p []byte) (int, error) {
	b.once.Do(b.relay.proceed)
	return b.ReadCloser.Read(p)
}
