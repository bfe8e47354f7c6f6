package composer

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"selvedge/composer/internal/http1"
)

// A document that may be stored is kept while it comes, so that others can wait
// for it. One that turns out too large for that, or too slow, passes through
// from then on to the one visitor for whom it was asked: nobody else has it, and
// the origin is read as fast as that visitor reads. A slow one does not pass
// where a stale one can take its place.

// errNotKept says that an answer is only for the one who began to read it.
var errNotKept = errors.New("the answer is too large or too slow to be kept")

// slowAfter is how long a document is kept of which only the beginning has come:
// half of the time that is left, so that those who wait for it can then ask for
// themselves. If that half is less than it took to begin, they could not, and it
// is nearly all of it.
func (q *query) slowAfter() time.Duration {
	left := time.Until(q.deadline)
	if time.Since(q.asked) > left/2 {
		return left * 9 / 10
	}
	return left / 2
}

// through is what passes of a content.
type through struct {
	on    bool          // nothing is kept any more
	bytes []byte        // the last ones that came
	taken chan struct{} // closed when they have been read; nil: they have
}

// copyFrom reads a document to its end.
func (c *content) copyFrom(ctx context.Context, first []byte, body io.Reader) error {
	buffer := make([]byte, readBuffer) // of no pool: it may be read when we have left
	for chunk := first; ; {
		if err := c.put(ctx, chunk); err != nil {
			return err
		}
		n, err := body.Read(buffer)
		chunk = buffer[:n]
		if err != nil {
			if putErr := c.put(ctx, chunk); putErr != nil || err == io.EOF {
				return putErr
			}
			return http1.ContextError(ctx, err)
		}
	}
}

// copyTo writes all of the body as it comes. What there is leaves whenever more
// has to be waited for.
func (c *content) copyTo(ctx context.Context, w http.ResponseWriter) error {
	for offset := 0; ; {
		chunk, more, err := c.next(offset)
		switch {
		case err != nil || chunk == nil && more == nil:
			return err
		case chunk != nil:
			offset += len(chunk)
			if _, err = w.Write(chunk); err != nil {
				return err
			}
			continue
		}
		if err = http.NewResponseController(w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		select {
		case <-more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// put keeps the next bytes, or lets them pass. Then it returns when they have
// been read.
func (c *content) put(ctx context.Context, p []byte) error {
	c.mu.Lock()
	if c.keep(p) {
		c.mu.Unlock()
		return nil
	}
	c.pass()
	taken := make(chan struct{})
	c.size += len(p)
	c.through.bytes, c.through.taken = p, taken
	c.tell()
	c.mu.Unlock()
	select {
	case <-taken:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// letPass lets all that is still to come pass.
func (c *content) letPass() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pass()
}

// pass is letPass with the lock held. If the one who reads has left already, the
// request ends.
func (c *content) pass() {
	if c.through.on || c.ended {
		return
	}
	c.through.on = true
	if !c.leave.stay() {
		c.leave.end()
	}
	c.tell()
}

// passed returns what there is from an offset on that is not kept. The lock is
// held.
func (c *content) passed(offset int) []byte {
	return c.through.bytes[len(c.through.bytes)-(c.size-offset):]
}

// take says that all there is has been read. The lock is held.
func (c *content) take() {
	if c.through.on {
		c.bytes = nil
	}
	if c.through.taken != nil {
		close(c.through.taken)
		c.through.taken = nil
	}
}
