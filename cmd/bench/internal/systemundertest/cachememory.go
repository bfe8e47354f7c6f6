//go:build linux

package systemundertest

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"

	"selvedge/cmd/bench/internal/workload"
	"selvedge/composer"
)

// StoredFragmentSize is the size of a fragment of [CacheMemory], in bytes.
const StoredFragmentSize = 1 << 10

// CacheMemory is the memory of stored fragments.
type CacheMemory struct {
	Bytes     int64 // of the heap, more than before
	Refetched int   // fragments that were fetched again, because they were not stored
}

// measureCacheMemory has a composer store n fragments, and requests all of them
// twice.
func measureCacheMemory(n int) (CacheMemory, error) {
	var fetched atomic.Int64
	c, err := newComposer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetched.Add(1)
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "public, max-age=3600")
		h.Set("ETag", `"`+r.URL.Path+`"`)
		_, _ = w.Write([]byte(workload.Paragraph(r.URL.Path, StoredFragmentSize)))
	}))
	if err != nil {
		return CacheMemory{}, err
	}
	defer c.Close()
	before := heapInUse()
	if err := requestAll(c, n); err != nil {
		return CacheMemory{}, err
	}
	m := CacheMemory{Bytes: heapInUse() - before, Refetched: -int(fetched.Load())}
	err = requestAll(c, n)
	m.Refetched += int(fetched.Load())
	return m, err
}

// requestAll requests n fragments, one after the other.
func requestAll(c *composer.Composer, n int) error {
	handler := c.Fragment()
	for i := range n {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, composer.Prefix+workload.SiteName+"/"+strconv.Itoa(i), http.NoBody)
		if err != nil {
			return err
		}
		w := &sizeWriter{header: make(http.Header)}
		if handler.ServeHTTP(w, r); w.status != http.StatusOK || w.size != StoredFragmentSize {
			return fmt.Errorf("fragment %d: status %d with %d bytes", i, w.status, w.size)
		}
	}
	return nil
}

// heapInUse returns the size of the heap after a collection, in bytes.
func heapInUse() int64 {
	runtime.GC()
	runtime.GC() // frees the objects whose finalizers the first one has run
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A sizeWriter counts the bytes of a response.
type sizeWriter struct {
	header http.Header
	status int
	size   int
}

// Header implements [http.ResponseWriter].
func (w *sizeWriter) Header() http.Header { return w.header }

// WriteHeader implements [http.ResponseWriter].
func (w *sizeWriter) WriteHeader(status int) { w.status = status }

// Write implements [http.ResponseWriter].
func (w *sizeWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.size += len(p)
	return len(p), nil
}
