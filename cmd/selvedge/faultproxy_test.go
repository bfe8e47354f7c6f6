package main

import (
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync"
	"testing"
	"time"
)

// faultProxy stands between a browser and a server and does what networks do:
// it delays requests and answers, drops answers, and cuts connections. It does
// not keep connections, since a browser repeats a request by itself if a kept
// one ends without an answer. It may do so with a fresh one too: what is to have
// no answer at all is dropped any number of times, until the fault is ended.
type faultProxy struct {
	t   testing.TB
	url string

	mu     sync.Mutex
	faults []*fault
	seen   []seenRequest // in their order
	asleep chan struct{} // closed by sleep: nothing passes on the connections of before
}

// seenRequest is a request as requestName has it, with its idempotency key.
type seenRequest struct{ name, key string }

// fault is what happens to the requests that it is for.
type fault struct {
	request string // as requestName has it
	left    int    // how many requests it is still for; negative: any number
	spoil   spoiler

	arrived chan struct{} // gets a value for each request that it met
	open    chan struct{} // closed by release
	once    sync.Once
}

// release lets everything go on that the fault holds or would hold.
func (f *fault) release() {
	f.once.Do(func() { close(f.open) })
}

// end has the requests from here on go through.
func (p *faultProxy) end(f *fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.left = 0
}

// startFaultProxy starts a proxy before a server. Without faults, it is none.
func startFaultProxy(t testing.TB, target string) *faultProxy {
	t.Helper()
	p := &faultProxy{t: t, asleep: make(chan struct{})}
	to := mustParse(t, target)
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:     log.New(io.Discard, "", 0),
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pass := func(w http.ResponseWriter) { forward.ServeHTTP(p.sleepy(w, r), r) }
		if f := p.match(r); f != nil {
			f.spoil(f, w, pass)
			return
		}
		pass(w)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.SetKeepAlivesEnabled(false)
	server.Start()
	t.Cleanup(func() {
		p.mu.Lock()
		for _, f := range p.faults {
			f.release()
		}
		p.mu.Unlock()
		server.CloseClientConnections()
		server.Close()
	})
	p.url = server.URL
	return p
}

// match returns the fault of a request, and nil if it has none.
func (p *faultProxy) match(r *http.Request) *fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, seenRequest{requestName(r), r.Header.Get("Idempotency-Key")})
	for _, f := range p.faults {
		if f.left != 0 && f.request == requestName(r) {
			f.left--
			return f
		}
	}
	return nil
}

// requestName is the method and the path of a request and, of a live connection,
// its transport: "POST /api/cart", "GET /live websocket", "GET /live events",
// "GET /live poll".
func requestName(r *http.Request) string {
	name := r.Method + " " + r.URL.Path
	switch {
	case r.URL.Path != "/live":
		return name
	case r.Header.Get("Upgrade") != "":
		return name + " websocket"
	case r.Header.Get("Accept") == "text/event-stream":
		return name + " events"
	}
	return name + " poll"
}

// requests returns how many requests of a name came.
func (p *faultProxy) requests(request string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, seen := range p.seen {
		if seen.name == request {
			n++
		}
	}
	return n
}

// wishes returns how many different keys the requests of a name had, each of which
// is something that a person wants once.
func (p *faultProxy) wishes(request string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	keys := make(map[string]bool)
	for _, seen := range p.seen {
		if seen.name == request {
			keys[seen.key] = true
		}
	}
	return len(keys)
}

// spoiler does what a fault does with one request, which forward sends to the
// server.
type spoiler func(f *fault, w http.ResponseWriter, forward func(http.ResponseWriter))

// add has the next n requests, as in "POST /api/cart", spoiled.
func (p *faultProxy) add(n int, request string, spoil spoiler) *fault {
	f := &fault{
		request: request, left: n, spoil: spoil,
		arrived: make(chan struct{}, 100), open: make(chan struct{}),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, f)
	return f
}

// lift ends a fault.
func (p *faultProxy) lift(f *fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.left = 0
}

// hold keeps the next n requests from the server until release.
func (p *faultProxy) hold(n int, request string) *fault {
	return p.add(n, request, func(f *fault, w http.ResponseWriter, forward func(http.ResponseWriter)) {
		f.arrived <- struct{}{}
		<-f.open
		forward(w)
	})
}

// holdAnswers lets the next n requests reach the server, and keeps its answers
// until release.
func (p *faultProxy) holdAnswers(n int, request string) *fault {
	return p.add(n, request, func(f *fault, w http.ResponseWriter, forward func(http.ResponseWriter)) {
		answer := httptest.NewRecorder()
		forward(answer)
		f.arrived <- struct{}{}
		<-f.open
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// dropAnswers lets the next n requests reach the server, and ends their
// connections without an answer.
func (p *faultProxy) dropAnswers(n int, request string) *fault {
	return p.add(n, request, func(f *fault, _ http.ResponseWriter, forward func(http.ResponseWriter)) {
		forward(httptest.NewRecorder())
		f.arrived <- struct{}{}
		panic(http.ErrAbortHandler)
	})
}

// cut ends the connections of the next n requests, which do not reach the
// server.
func (p *faultProxy) cut(n int, request string) *fault {
	return p.add(n, request, func(f *fault, _ http.ResponseWriter, _ func(http.ResponseWriter)) {
		f.arrived <- struct{}{}
		panic(http.ErrAbortHandler)
	})
}

// answerAsGateway answers the next n requests as a gateway does that does not
// reach the server.
func (p *faultProxy) answerAsGateway(n int, request string) *fault {
	return p.add(n, request, func(f *fault, w http.ResponseWriter, _ func(http.ResponseWriter)) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<h1>Bad gateway</h1>")
		f.arrived <- struct{}{}
	})
}

// refuse ends the connections of all requests of a name.
func (p *faultProxy) refuse(request string) {
	p.add(-1, request, func(*fault, http.ResponseWriter, func(http.ResponseWriter)) { panic(http.ErrAbortHandler) })
}

// holdAndCut keeps the next n requests from the server until release, and ends
// their connections then.
func (p *faultProxy) holdAndCut(n int, request string) *fault {
	return p.add(n, request, func(f *fault, _ http.ResponseWriter, _ func(http.ResponseWriter)) {
		f.arrived <- struct{}{}
		<-f.open
		panic(http.ErrAbortHandler)
	})
}

// await waits until the fault has met n requests: until hold has them, or the
// server has answered those of the others.
func (f *fault) await(t testing.TB, n int) {
	t.Helper()
	for range n {
		select {
		case <-f.arrived:
		case <-time.After(patience):
			t.Fatalf("%s did not come", f.request)
		}
	}
}
