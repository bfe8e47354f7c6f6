package composer

import (
	"context"
	"io"
	"sync"

	"selvedge/composer/esi"
)

// content is the body of an answer while it comes. One goroutine writes it;
// any number may read what there is of it.
type content struct {
	rest  *rest // nil, or else all of it, and nobody writes it
	limit int   // bytes; a larger body is an error

	mu       sync.Mutex
	size     int
	bytes    []byte        // only appended to, so a reader's part of it stays as it is; of ESI only at the end
	compiler *esi.Compiler // nil: the body is not read as ESI
	segments []esi.Segment // of its program, as far as they are certain
	program  *esi.Program  // once it has ended
	ended    bool
	err      error         // why it ended too early
	more     chan struct{} // closed when there is more; nil: nobody waits
}

func newContent(limit int, compiled bool) *content {
	c := &content{limit: limit}
	if compiled {
		c.compiler = new(esi.Compiler)
	}
	return c
}

// Write takes the next bytes. It fails for good once the limit is passed.
func (c *content) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return 0, io.ErrClosedPipe
	}
	if c.size+len(p) > c.limit {
		return 0, errTooLarge
	}
	c.size += len(p)
	if c.compiler != nil {
		c.segments = append(c.segments, c.compiler.Write(p)...)
	} else {
		c.bytes = append(c.bytes, p...)
	}
	c.tell()
	return len(p), nil
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

// broken returns why the body ended too early, if it did.
func (c *content) broken() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
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

// settled waits for the end. The error is why the body is broken, or that of
// the context.
func (c *content) settled(ctx context.Context) error {
	for {
		c.mu.Lock()
		ended, err := c.ended, c.err
		var more <-chan struct{}
		if !ended {
			more = c.wait()
		}
		c.mu.Unlock()
		if ended {
			return err
		}
		select {
		case <-more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
