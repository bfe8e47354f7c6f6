//go:build linux

package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// visitTo visits a handler's only page for a moment.
func visitTo(t *testing.T, h http.Handler, size int) (s sample, asked int) {
	t.Helper()
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		h.ServeHTTP(w, r)
	}))
	s, err := visit(t.Context(), tour{
		visitors: 3, server: strings.TrimPrefix(server.URL, "http://"), path: "/page", size: size,
		warm: time.Millisecond, measure: 20 * time.Millisecond, pid: os.Getpid(), origin: os.Getpid(),
	})
	server.Close() // which waits for the last requests
	if err != nil {
		t.Fatal(err)
	}
	return s, int(requests.Load())
}

func TestACrowdCountsThePages(t *testing.T) {
	for _, test := range []struct {
		name  string
		write func(w http.ResponseWriter)
	}{
		{"that have a length", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(make([]byte, 100_000))
		}},
		{"that come in chunks", func(w http.ResponseWriter) {
			for range 10 {
				_, _ = w.Write(make([]byte, 10_000))
				w.(http.Flusher).Flush()
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, asked := visitTo(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/page" {
					http.NotFound(w, r)
					return
				}
				test.write(w)
			}), 100_000)
			if s.errors != 0 {
				t.Errorf("%d errors: %v", s.errors, s.err)
			}
			if len(s.pages) == 0 || len(s.firsts) != len(s.pages) || s.all < len(s.pages) || s.all > asked {
				t.Errorf("%d pages, %d first bytes, %d with the first ones; %d were asked for",
					len(s.pages), len(s.firsts), s.all, asked)
			}
		})
	}
}

func TestACrowdNoticesWhatIsNotThePage(t *testing.T) {
	for _, test := range []struct {
		name string
		page http.HandlerFunc
		want string
	}{
		{"a shorter one", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("short")) }, "status 200 with 5 bytes and not 200 with 100"},
		{"an error", http.NotFound, "status 404 with 19 bytes and not 200 with 100"},
		{"a connection that is cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "the server closed the connection"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := visitTo(t, test.page, 100)
			if len(s.pages) != 0 || s.errors != 3 || s.err == nil || s.err.Error() != test.want {
				t.Errorf("%d pages, %d errors, the first %v; want none, 3, %s", len(s.pages), s.errors, s.err, test.want)
			}
		})
	}
}

func TestASampleIsDividedByItsPages(t *testing.T) {
	s := sample{
		pages: make([]time.Duration, 1000), took: 2 * time.Second,
		used: 100 * time.Millisecond, served: 200 * time.Millisecond, behind: 50 * time.Millisecond,
	}
	for _, test := range []struct {
		name      string
		got, want float64
	}{
		{"rate", s.rate(), 500},
		{"busy", s.busy(), 0.05},
		{"cost", s.cost(), 200},
		{"total", s.total(), 350},
	} {
		if strconv.FormatFloat(test.got, 'g', 6, 64) != strconv.FormatFloat(test.want, 'g', 6, 64) {
			t.Errorf("%s = %v; want %v", test.name, test.got, test.want)
		}
	}
}
