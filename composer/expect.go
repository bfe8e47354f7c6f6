package composer

import (
	"io"
	"sync"
	"time"
)

// expectTimeout is how long a source may take to say 100 Continue or to answer
// before it is sent a body that it was asked about: it may know nothing of the
// expectation (RFC 9110 §10.1.1). Clients wait as long for the same reason.
const expectTimeout = time.Second

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
