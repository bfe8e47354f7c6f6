package fetch

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"sync"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// maxBuffered limits the buffered bytes of a handler's body. A response begins at this
// size even without a flush.
const maxBuffered = 64 << 10

// responseRecorder is the ResponseWriter for a handler of this process. It buffers the
// response until the handler
//
//   - flushes,
//   - has written maxBuffered bytes,
//   - returns.
//
// After that, the handler writes to a stream.Body.
type responseRecorder struct {
	limit         int           // of the body, in bytes
	headerReady   chan struct{} // closed when status and header are final
	handlerHeader http.Header   // the handler may change it

	mu          sync.Mutex
	status      int
	header      http.Header  // a snapshot at the handler's first write
	buffer      bytes.Buffer // the body before copyTo
	to          *stream.Body // nil before copyTo
	written     int
	isWhole     bool          // the handler returned before headerReady
	hasReturned bool          // the handler has returned
	done        chan struct{} // closed when the handler returns; nil before copyTo
	isDiscarded bool          // the response has no reader
	err         error
}

func newResponseRecorder(limit int) *responseRecorder {
	return &responseRecorder{limit: limit, handlerHeader: make(http.Header), headerReady: make(chan struct{})}
}

func (r *responseRecorder) Header() http.Header { return r.handlerHeader }

func (r *responseRecorder) WriteHeader(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writeHeader(status)
}

func (r *responseRecorder) writeHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
		r.header = r.handlerHeader.Clone()
	}
}

// Write writes p to the buffer or the body. After the limit is exceeded, all calls fail.
func (r *responseRecorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.count(len(p)); err != nil {
		return 0, err
	}
	if r.to != nil {
		return r.to.Write(p)
	}
	return r.afterWrite(r.buffer.Write(p))
}

// WriteString is Write for a string. A buffered string is not converted to a byte slice
// first.
func (r *responseRecorder) WriteString(s string) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.count(len(s)); err != nil {
		return 0, err
	}
	if r.to != nil {
		return r.to.Write([]byte(s))
	}
	return r.afterWrite(r.buffer.WriteString(s))
}

// count counts the bytes of a write before the write. The caller holds the lock.
func (r *responseRecorder) count(n int) error {
	r.writeHeader(http.StatusOK)
	switch {
	case r.isDiscarded:
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

// afterWrite publishes the header if much of the body is buffered. The caller holds the
// lock.
func (r *responseRecorder) afterWrite(n int, err error) (int, error) {
	if r.buffer.Len() >= maxBuffered {
		r.publishHeader()
	}
	return n, err
}

// FlushError implements the flush of http.ResponseController.
func (r *responseRecorder) FlushError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writeHeader(http.StatusOK)
	r.publishHeader()
	return nil
}

// Flush implements http.Flusher.
func (r *responseRecorder) Flush() { _ = r.FlushError() }

// publishHeader makes status and header final. The caller holds the lock.
func (r *responseRecorder) publishHeader() {
	select {
	case <-r.headerReady:
	default:
		close(r.headerReady)
	}
}

// peek returns a copy of the first bytes of the body, up to the length of a byte order
// mark. It is called between headerReady and copyTo.
func (r *responseRecorder) peek() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.buffer.Bytes()[:min(r.buffer.Len(), len(header.UTF8BOM))])
}

// end records that the handler has returned or panicked.
func (r *responseRecorder) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hasReturned = true
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
	case <-r.headerReady:
	default:
		r.isWhole = true
		close(r.headerReady)
	}
}

// copyTo writes the buffer and all later bytes to a body, until the handler returns or
// the context ends.
func (r *responseRecorder) copyTo(ctx context.Context, to *stream.Body) {
	r.mu.Lock()
	_, err := to.Write(r.buffer.Bytes())
	r.buffer = bytes.Buffer{}
	r.to, r.done = to, make(chan struct{})
	if r.hasReturned {
		close(r.done)
	}
	r.mu.Unlock()
	if err == nil {
		select {
		case <-r.done:
			err = r.err
		case <-ctx.Done():
			r.discard()
			err = context.Cause(ctx)
		}
	}
	to.End(err)
}

// discard makes the next write of the handler fail.
func (r *responseRecorder) discard() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.isDiscarded = true
}
