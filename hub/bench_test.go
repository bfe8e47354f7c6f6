package hub

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counter is a composer whose fragments change with each fetch.
type counter struct {
	n    atomic.Int64
	text string
}

func (c *counter) Open(*http.Request, string) (Page, error) { return Page{}, nil }

func (c *counter) Renew(Page) (string, time.Time) { return "", time.Time{} }

func (c *counter) Fetch(_ context.Context, v View, _ time.Time) (Fragment, error) {
	return Fragment{
		Body:   fmt.Appendf(nil, `<div id="%s">%d%s</div>`, v.Reference, c.n.Add(1), c.text),
		Groups: []string{"all", v.Reference},
	}, nil
}

// drop is a conn that takes everything, and tells when it has.
type drop struct {
	written *atomic.Int64
	all     chan struct{}
	want    int64
}

func (d *drop) tryWrite(_ *worker, b []byte) (int, error) {
	if d.written.Add(1)%d.want == 0 {
		d.all <- struct{}{}
	}
	return len(b), nil
}

func (d *drop) writeAll(b []byte) (int, error) { return len(b), nil }
func (d *drop) closeWrite()                    {}
func (d *drop) closeNow()                      {}

const crowd = 10_000

// fill joins a crowd of connections that show the views.
func fill(b testing.TB, views int, tick time.Duration) (*Hub, *drop) {
	h, err := New(&counter{text: strings.Repeat("x", 450)}, Options{Epoch: "1", Tick: tick, Ping: -1, Idle: -1})
	if err != nil {
		b.Fatal(err)
	}
	d := &drop{new(atomic.Int64), make(chan struct{}, 1), crowd}
	for range crowd {
		c := h.newConnection(httptest.NewRequest(http.MethodGet, "/", nil), WebSocket, swapTrue)
		c.conn = d
		page := Page{Epoch: "1"}
		for i := range views {
			page.Views = append(page.Views, Shown{View: View{Reference: fmt.Sprint("v", i)}})
		}
		h.join(c, page)
		h.flusher.mark(c)
	}
	<-d.all
	b.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = h.Close(ctx)
	})
	return h, d
}

// BenchmarkFanOut measures what the hub itself does for a change that 10,000
// connections show, without the system calls.
func BenchmarkFanOut(b *testing.B) {
	for _, views := range []int{1, 8} {
		b.Run(fmt.Sprint("views=", views), func(b *testing.B) {
			h, d := fill(b, 8, 1)
			var groups []string
			for i := range views {
				groups = append(groups, fmt.Sprint("v", i))
			}
			b.ReportAllocs()
			for b.Loop() {
				h.Invalidate(groups...)
				<-d.all
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/crowd, "ns/connection")
		})
	}
}

// BenchmarkMemory measures what the hub keeps for an idle connection that
// shows eight views, without socket, WebSocket and goroutine.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		before := inUse()
		h, _ := fill(b, 8, 1)
		b.ReportMetric(float64(inUse()-before)/crowd, "B/connection")
		runtime.KeepAlive(h)
	}
}

func inUse() uint64 {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
