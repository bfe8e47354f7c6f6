package composer

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"sync"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// beginSize is how much a handler of this process may write, in bytes, before
// its answer begins without a flush and without being whole.
const beginSize = 64 << 10

// recorder is the ResponseWriter of a fragment in this process. It keeps the
// answer until that begins: when the handler flushes, has written beginSize or
// returns. What the handler writes after that goes to a content.
type recorder struct {
	limit int           // bytes
	begun chan struct{} // closed when status and header are final
	live  http.Header   // the handler's

	mu        sync.Mutex
	status    int
	header    http.Header  // as it was when the answer began
	buffer    bytes.Buffer // what no content has yet
	to        *stream.Body
	written   int
	whole     bool          // the handler returned before the answer began
	ended     bool          // the handler has returned
	done      chan struct{} // closed then; nil: nobody waits for it
	abandoned bool          // nobody wants the answer
	err       error
}

func newRecorder(limit int) *recorder {
	return &recorder{limit: limit, live: make(http.Header), begun: make(chan struct{})}
}

func (r *recorder) Header() http.Header { return r.live }

func (r *recorder) WriteHeader(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writeHeader(status)
}

func (r *recorder) writeHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
		r.header = r.live.Clone()
	}
}

// Write keeps p or hands it on. It fails for good once the limit is passed.
func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.take(len(p)); err != nil {
		return 0, err
	}
	if r.to != nil {
		return r.to.Write(p)
	}
	return r.kept(r.buffer.Write(p))
}

// WriteString is Write without a copy of its own.
func (r *recorder) WriteString(s string) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.take(len(s)); err != nil {
		return 0, err
	}
	if r.to != nil {
		return r.to.Write([]byte(s))
	}
	return r.kept(r.buffer.WriteString(s))
}

// take counts bytes that are about to be written. The lock is held.
func (r *recorder) take(n int) error {
	r.writeHeader(http.StatusOK)
	switch {
	case r.abandoned:
		return context.Canceled
	case r.err != nil:
		return r.err
	case r.written+n > r.limit:
		r.err = stream.ErrTooLarge
		return r.err
	}
	r.written += n
	return nil
}

// kept begins the answer if much of it is kept. The lock is held.
func (r *recorder) kept(n int, err error) (int, error) {
	if r.buffer.Len() >= beginSize {
		r.begin()
	}
	return n, err
}

// FlushError is for http.ResponseController.
func (r *recorder) FlushError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writeHeader(http.StatusOK)
	r.begin()
	return nil
}

// Flush is for handlers that look for an http.Flusher.
func (r *recorder) Flush() { _ = r.FlushError() }

// begin publishes status and header. The lock is held.
func (r *recorder) begin() {
	select {
	case <-r.begun:
	default:
		close(r.begun)
	}
}

// head returns a copy of the first bytes that the handler wrote, as many as a
// byte order mark has. It is for an answer that has begun and is not poured yet.
func (r *recorder) head() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.buffer.Bytes()[:min(r.buffer.Len(), len(header.UTF8BOM))])
}

// end says that the handler has returned, or panicked.
func (r *recorder) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	if r.done != nil {
		defer close(r.done)
	}
	r.writeHeader(http.StatusOK)
	if r.err == nil {
		r.err = err
	}
	if length := header.First(r.header, "Content-Length"); r.err == nil && length != "" && length != strconv.Itoa(r.written) {
		r.err = errLength
	}
	select {
	case <-r.begun:
	default:
		r.whole = true
		close(r.begun)
	}
}

// pour hands everything to a content until the handler has returned or the
// context ends.
func (r *recorder) pour(ctx context.Context, to *stream.Body) {
	r.mu.Lock()
	_, err := to.Write(r.buffer.Bytes())
	r.buffer = bytes.Buffer{}
	r.to, r.done = to, make(chan struct{})
	if r.ended {
		close(r.done)
	}
	r.mu.Unlock()
	if err == nil {
		select {
		case <-r.done:
			err = r.err
		case <-ctx.Done():
			r.abandon()
			err = context.Cause(ctx)
		}
	}
	to.End(err)
}

// abandon lets the handler know, when it writes, that nobody wants its answer.
func (r *recorder) abandon() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.abandoned = true
}
