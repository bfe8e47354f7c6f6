package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// A Hub keeps open pages up to date. Create it with [New]; its methods are safe
// for concurrent use.
type Hub struct {
	pages            Pages
	options          Options
	origins          map[string]bool
	flusher          flusher
	handshakeWorkers sync.Pool // of *worker
	stats            statCounters
	pingTick         atomic.Int64
	startedAt        time.Time
	ctx              context.Context // of fetches and of the broker; canceled by Close
	cancel           context.CancelFunc
	goroutines       sync.WaitGroup

	mu               sync.Mutex
	closing          bool // new connections are refused
	closed           bool
	reloadedAt       time.Time // of the last call of Reload; zero: none
	lastInvalidation uint64    // number of the last invalidation; the first is 1
	history          [historySize][]string
	views            map[View]*view
	groups           map[string]map[*view]struct{}
	fetchQueue       []*view // views to be fetched
	fetchers         int
	timerWheel       [wheelSlots]map[*connection]struct{} // joined connections, by the tick of their ping
	joinedCount      int                                  // number of connections in timerWheel
	counts           connectionCounts
	allLeft          chan struct{} // closed when the last connection has left a closing hub
}

// New starts a hub. [Hub.Close] ends it.
func New(pages Pages, options Options) (*Hub, error) {
	options = options.withDefaults(pages)
	if options.Ping > 0 && options.Pong >= options.Ping {
		return nil, fmt.Errorf("hub: pong time of %v is not below the ping interval of %v", options.Pong, options.Ping)
	}
	h := &Hub{
		pages:            pages,
		options:          options,
		startedAt:        time.Now(),
		origins:          make(map[string]bool),
		lastInvalidation: 1,
		views:            make(map[View]*view),
		groups:           make(map[string]map[*view]struct{}),
		counts:           newConnectionCounts(options.AcceptsPerSecond),
		allLeft:          make(chan struct{}),
	}
	for _, o := range options.Origins {
		origin, err := parseOrigin(o)
		if err != nil {
			return nil, err
		}
		h.origins[origin] = true
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	if err := options.Broker.Subscribe(h.ctx, h.applyInvalidation); err != nil {
		h.cancel()
		return nil, fmt.Errorf("hub: subscribe: %w", err)
	}
	h.start()
	return h, nil
}

// start starts the goroutines that end with Hub.ctx.
func (h *Hub) start() {
	h.handshakeWorkers.New = func() any { return &worker{hub: h} }
	h.flusher.wakeUp = make(chan struct{}, 1)
	for range h.options.Workers {
		h.flusher.workers = append(h.flusher.workers, &worker{hub: h})
	}
	h.goroutines.Go(func() { h.flusher.runRounds(h.ctx.Done(), h.options.Tick) })
	if interval := h.heartbeatInterval(); interval > 0 {
		h.goroutines.Go(func() { h.runHeartbeat(interval / wheelSlots) })
	}
}

// Epoch returns the epoch for page tokens: see [Options].
func (h *Hub) Epoch() string { return h.options.Epoch }

// addRequest has Close wait for a request. It reports false if the hub is
// closed.
func (h *Hub) addRequest() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.goroutines.Add(1)
	}
	return !h.closed
}

// callRecovering calls foreign code: handlers and implementations of the hub's
// interfaces. A panic becomes an error, because the hub calls foreign code on
// goroutines without a recover of their own. Panics are logged, except
// http.ErrAbortHandler, with which a handler aborts its response.
func (h *Hub) callRecovering(what string, call func()) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, _ = p.(error); !errors.Is(err, http.ErrAbortHandler) {
			h.options.Logger.Error("panic", "in", what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
		err = fmt.Errorf("hub: %s panicked: %v", what, p)
	}()
	call()
	return nil
}
