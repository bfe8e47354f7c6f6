//go:build linux

package loadgen

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

// load requests the only page of a handler for a moment.
func load(t *testing.T, h http.Handler, size int) (s Sample, asked int) {
	t.Helper()
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		h.ServeHTTP(w, r)
	}))
	s, err := Run(t.Context(), Load{
		Connections: 3, Server: strings.TrimPrefix(server.URL, "http://"), Path: "/page", BodySize: size,
		WarmUp: time.Millisecond, Duration: 20 * time.Millisecond, ServerPID: os.Getpid(), OriginPID: os.Getpid(),
	})
	server.Close() // which waits for the last requests
	if err != nil {
		t.Fatal(err)
	}
	return s, int(requests.Load())
}

func TestRunCountsThePages(t *testing.T) {
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
			s, asked := load(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/page" {
					http.NotFound(w, r)
					return
				}
				test.write(w)
			}), 100_000)
			if s.Errors != 0 {
				t.Errorf("%d errors: %v", s.Errors, s.FirstError)
			}
			if len(s.Latencies) == 0 || len(s.FirstBytes) != len(s.Latencies) || s.Total < len(s.Latencies) || s.Total > asked {
				t.Errorf("%d pages, %d first bytes, %d with the first ones; %d were asked for",
					len(s.Latencies), len(s.FirstBytes), s.Total, asked)
			}
		})
	}
}

func TestRunNoticesAnotherPage(t *testing.T) {
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
			s, _ := load(t, test.page, 100)
			if len(s.Latencies) != 0 || s.Errors != 3 || s.FirstError == nil || s.FirstError.Error() != test.want {
				t.Errorf("%d pages, %d errors, the first %v; want none, 3, %s", len(s.Latencies), s.Errors, s.FirstError, test.want)
			}
		})
	}
}

func TestASampleIsDividedByItsPages(t *testing.T) {
	s := Sample{
		Latencies: make([]time.Duration, 1000), Elapsed: 2 * time.Second,
		ClientTime: 100 * time.Millisecond, ServerTime: 200 * time.Millisecond, OriginTime: 50 * time.Millisecond,
	}
	for _, test := range []struct {
		name      string
		got, want float64
	}{
		{"Rate", s.Rate(), 500},
		{"ClientShare", s.ClientShare(), 0.05},
		{"ServerCost", s.ServerCost(), 200},
		{"TotalCost", s.TotalCost(), 350},
	} {
		if strconv.FormatFloat(test.got, 'g', 6, 64) != strconv.FormatFloat(test.want, 'g', 6, 64) {
			t.Errorf("%s = %v; want %v", test.name, test.got, test.want)
		}
	}
}
