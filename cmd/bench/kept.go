//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"

	"selvedge/cmd/bench/internal/workload"
	"selvedge/composer"
)

// keptSize is the size of a stored fragment in bytes.
const keptSize = 1 << 10

// Kept is what stored fragments take.
type Kept struct {
	Bytes int64 // of the heap, more than before
	Again int   // fragments that had to be made again, since they were not stored
}

// keep has a composer store fragments of 1 KB, and asks for all of them twice.
func keep(n int) (Kept, error) {
	var made atomic.Int64
	c, err := newComposer(composer.Source{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		made.Add(1)
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "public, max-age=3600")
		h.Set("ETag", `"`+r.URL.Path+`"`)
		_, _ = w.Write([]byte(workload.Paragraph(r.URL.Path, keptSize)))
	})})
	if err != nil {
		return Kept{}, err
	}
	defer c.Close()
	before := heapInUse()
	if err := fetchAll(c, n); err != nil {
		return Kept{}, err
	}
	kept := Kept{Bytes: heapInUse() - before, Again: -int(made.Load())}
	err = fetchAll(c, n)
	kept.Again += int(made.Load())
	return kept, err
}

// fetchAll asks for all fragments, one after the other.
func fetchAll(c *composer.Composer, n int) error {
	handler := c.Fragment()
	for i := range n {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, composer.Prefix+workload.SiteName+"/"+strconv.Itoa(i), http.NoBody)
		if err != nil {
			return err
		}
		w := &unread{header: make(http.Header)}
		if handler.ServeHTTP(w, r); w.status != http.StatusOK || w.size != keptSize {
			return fmt.Errorf("fragment %d: %w", i, errors.New("its answer is not one"))
		}
	}
	return nil
}

// heapInUse is what the heap has in bytes, after a collection.
func heapInUse() int64 {
	runtime.GC()
	runtime.GC() // what finalizers of the first have let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// unread is an answer of which only the size counts.
type unread struct {
	header http.Header
	status int
	size   int
}

// Header is that of the answer.
func (u *unread) Header() http.Header { return u.header }

// WriteHeader notes the status.
func (u *unread) WriteHeader(status int) { u.status = status }

// Write counts.
func (u *unread) Write(p []byte) (int, error) {
	if u.status == 0 {
		u.status = http.StatusOK
	}
	u.size += len(p)
	return len(p), nil
}
