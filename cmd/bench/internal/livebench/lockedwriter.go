package livebench

import (
	"io"
	"sync"
)

// A lockedWriter is the standard error of the bench and of its server processes,
// which write from goroutines of their own.
type lockedWriter struct {
	mu sync.Mutex
	to io.Writer
}

// Write writes to the wrapped writer, one call at a time.
func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}
