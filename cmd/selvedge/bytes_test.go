package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestTheListTakesFewBytes compares the list on the wire with what one pass of
// gzip makes of the whole of it, once its parts have been compressed together.
func TestTheListTakesFewBytes(t *testing.T) {
	s := startShop(t)
	var packed, best int
	eventually(t, "the list takes at most 1.3 times what one pass of gzip makes", func() bool {
		packed, best = s.compressedLength("/products")
		return 10*packed <= 13*best
	})
	t.Logf("the list takes %d bytes, one pass of gzip %d", packed, best)
	page := s.page("/products").body
	if tokens := strings.Count(page, "/live?page="); tokens != 1 {
		t.Errorf("the list has %d tokens; want 1", tokens)
	}
}

// compressedLength returns the length of a page on the wire, and as gzip -6
// compresses it.
func (s *testShop) compressedLength(path string) (length, best int) {
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	packed, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		s.t.Fatal(err)
	}
	var again bytes.Buffer
	w, err := gzip.NewWriterLevel(&again, 6)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := io.Copy(w, unpacked); err != nil { //nolint:gosec // our own page
		s.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	return len(packed), again.Len()
}
