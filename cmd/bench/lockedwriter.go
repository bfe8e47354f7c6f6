package main

import (
	"io"
	"sync"
)

// lockedWriter is a writer for several goroutines: what the bench says, and
// what its server processes write to their standard error.
type lockedWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}
