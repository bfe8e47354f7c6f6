package composer

import (
	"context"
	"io"
	"net/http"
	"sync"

	"selvedge/composer/esi"
	"selvedge/composer/internal/encoding"
)

// content is the body of an answer while it comes. One goroutine writes it;
// any number may read what there is of it, unless it passes through.
type content struct {
	rest  *http.Response // nil, or else it has the body, and nobody writes it here
	leave *leave         // of the request for a document that may pass through; nil: it may not
	// announced are the names of the fields that may stand in the trailer.
	announced http.Header
	limit     int // bytes that are kept; a larger body is an error, or passes through

	mu       sync.Mutex
	size     int
	bytes    []byte        // only appended to, so a reader's part of it stays as it is; of ESI only at the end
	compiler *esi.Compiler // nil: the body is not read as ESI
	segments []esi.Segment // of its program, as far as they are certain
	program  *esi.Program  // once it has ended
	ended    bool
	err      error         // why it ended too early
	trailer  http.Header   // that came after the body
	more     chan struct{} // closed when there is more; nil: nobody waits
	through  through
}

func newContent(limit int, compiled bool) *content {
	c := &content{limit: limit}
	if compiled {
		c.compiler = &esi.Compiler{Variables: variableNames}
	}
	return c
}

// Write takes the next bytes. It fails for good once the limit is passed.
func (c *content) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ended:
		return 0, io.ErrClosedPipe
	case !c.keep(p):
		return 0, encoding.ErrTooLarge
	}
	return len(p), nil
}

// keep takes the next bytes, if there is room for them. The lock is held.
func (c *content) keep(p []byte) bool {
	if c.through.on || c.size+len(p) > c.limit {
		return false
	}
	c.size += len(p)
	if c.compiler != nil {
		c.segments = append(c.segments, c.compiler.Write(p)...)
	} else {
		c.bytes = append(c.bytes, p...)
	}
	c.tell()
	return true
}

// end says that no more bytes come: the body is whole, or else broken.
func (c *content) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.ended, c.err = true, err
	if err == nil && c.compiler != nil {
		var rest []esi.Segment
		rest, c.program = c.compiler.Close()
		c.bytes = c.compiler.Source()
		c.segments = append(c.segments, rest...)
	}
	c.tell()
}

// setTrailer keeps the trailer, before the end.
func (c *content) setTrailer(trailer http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trailer = trailer
}

// receivedTrailer returns the trailer of a body that has ended.
func (c *content) receivedTrailer() http.Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trailer
}

// broken returns why the body ended too early, if it did.
func (c *content) broken() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// kept returns the bytes that there are; those of ESI only at the end.
func (c *content) kept() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// tell wakes the readers. The lock is held.
func (c *content) tell() {
	if c.more != nil {
		close(c.more)
		c.more = nil
	}
}

// tellAll wakes the readers, although there is nothing new for them.
func (c *content) tellAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell()
}

// wait returns what is closed when there is more. The lock is held.
func (c *content) wait() <-chan struct{} {
	if c.more == nil {
		c.more = make(chan struct{})
	}
	return c.more
}

// next returns the bytes from an offset on. If there are none yet, it returns
// what to wait for; at the end, neither, or why the body is broken.
func (c *content) next(offset int) ([]byte, <-chan struct{}, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case offset < len(c.bytes):
		return c.bytes[offset:len(c.bytes):len(c.bytes)], nil, nil
	case offset < c.size && c.through.on:
		return c.passed(offset), nil, nil
	}
	c.take()
	switch {
	case !c.ended:
		return nil, c.wait(), nil
	case c.err != nil:
		return nil, nil, c.err
	}
	return nil, nil, nil
}

// steps is next for the segments of the program, from the nth on.
func (c *content) steps(n int) ([]esi.Segment, <-chan struct{}, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case n < len(c.segments):
		return c.segments[n:len(c.segments):len(c.segments)], nil, nil
	case !c.ended:
		return nil, c.wait(), nil
	case c.err != nil:
		return nil, nil, c.err
	}
	return nil, nil, nil
}

// settled waits for the end. The error is why the body is broken or not kept,
// or that of the context.
func (c *content) settled(ctx context.Context) error {
	for {
		more, err := c.settling()
		if more == nil {
			return err
		}
		select {
		case <-more:
		case <-ctx.Done():
			if more, err = c.settling(); more == nil { // it has ended, too
				return err
			}
			return context.Cause(ctx)
		}
	}
}

// settling returns what to wait for until the body is whole, or nil and why it
// will not be.
func (c *content) settling() (<-chan struct{}, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.through.on:
		return nil, errNotKept
	case !c.ended:
		return c.wait(), nil
	}
	return nil, c.err
}
