package breaker

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// circuit is the circuit breaker of a source or a route. It is safe for concurrent
// use.
//
// The policy counts and has the states; circuit decides when a probe begins. A probe
// that was canceled is neither a success nor a failure, and a probe that hangs must
// not keep the breaker open: in both cases the next probe follows after probeInterval.
type circuit struct {
	name   string
	logger *slog.Logger

	mu     sync.Mutex
	policy circuitbreaker.CircuitBreaker[any]
	// generation is incremented by each change of state and by each probe. The outcome
	// of a request counts only in the generation in which it was admitted, because a
	// request sent before the breaker opened says nothing about the repair of the
	// source.
	generation int
	lastProbe  time.Time // when the last probe began, or else when the breaker opened
	// probes is the number of probes since the breaker opened.
	probes int

	windowStart    time.Time          // start of counting clientFailures
	clientFailures map[netip.Addr]int // failures since windowStart; nil: none
	lastFailure    time.Time          // when the last failure was counted
}

func newCircuit(name string, logger *slog.Logger) *circuit {
	return &circuit{
		name:   name,
		logger: logger,
		policy: circuitbreaker.NewBuilder[any]().
			WithFailureRateThreshold(breakerRate, breakerMinimum, breakerWindow).
			WithSuccessThreshold(1).
			Build(),
	}
}

// A breaker opens when at least breakerMinimum responses arrived within breakerWindow
// and the share breakerRate of them are failures. From then on one request in
// probeInterval is a probe, and a successful probe closes the breaker. At a hundred
// requests a second these are less than 1 %, and the source is back well within 2 s of
// its repair.
const (
	breakerWindow  = 2 * time.Second
	breakerMinimum = 20
	breakerRate    = 0.5
	probeInterval  = 1250 * time.Millisecond
)

// maxClientFailures bounds the counted failures of one client in each breakerWindow.
// In two consecutive windows they are fewer than breakerMinimum and breakerRate
// require, so that no client opens a breaker alone (denial of service for all visitors
// of the source).
const maxClientFailures = 4

// noGeneration is different from every request's generation.
const noGeneration = -1

// admit reports whether a request may be sent, and returns its generation.
func (c *circuit) admit() (generation int, ok bool) { return c.readmit(noGeneration) }

// readmit is admit for a request that was admitted in a generation and has waited
// since.
func (c *circuit) readmit(generation int) (current int, ok bool) {
	current, probe, ok := c.decide(generation)
	if probe > 0 {
		c.logProbe(probe == 1)
	}
	return current, ok
}

// decide is readmit without the log. probe is the number of the probe, 0 for a request
// that is not a probe.
func (c *circuit) decide(generation int) (current, probe int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation == c.generation || c.policy.IsClosed() {
		return c.generation, 0, true
	}
	now := time.Now()
	if now.Sub(c.lastProbe) < probeInterval {
		return 0, 0, false
	}
	c.policy.HalfOpen()
	c.generation++
	c.lastProbe = now
	c.probes++
	return c.generation, c.probes, true
}

// closedSince reports whether the breaker has been closed since the start of a
// generation.
func (c *circuit) closedSince(generation int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return generation == c.generation && c.policy.IsClosed()
}

// record counts the outcome of a request: a failure with its reason, or a success if
// reason is empty. A client's failures above maxClientFailures are ignored.
func (c *circuit) record(generation int, reason string, client netip.Addr) {
	failed := reason != ""
	c.mu.Lock()
	if generation != c.generation || failed && c.policy.IsClosed() && !c.countsFailure(client, time.Now()) {
		c.mu.Unlock()
		return
	}
	before := c.policy.State()
	if failed {
		c.lastFailure = time.Now()
		c.policy.RecordFailure()
	} else {
		c.policy.RecordSuccess()
	}
	after := c.policy.State()
	if after != before {
		c.generation++
	}
	if before == circuitbreaker.ClosedState && after == circuitbreaker.OpenState {
		c.lastProbe, c.probes = time.Now(), 0
	}
	c.mu.Unlock()
	c.logChange(before, after, reason)
}

// countsFailure reports whether another failure of a client counts. The caller holds
// c.mu.
func (c *circuit) countsFailure(client netip.Addr, now time.Time) bool {
	if !client.IsValid() {
		return true
	}
	if now.Sub(c.windowStart) > breakerWindow || c.clientFailures == nil {
		c.windowStart, c.clientFailures = now, make(map[netip.Addr]int)
	}
	c.clientFailures[client]++
	return c.clientFailures[client] <= maxClientFailures
}

// isQuiet reports whether the breaker is closed and all its failures have expired.
func (c *circuit) isQuiet(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.policy.IsClosed() && now.Sub(c.lastFailure) > breakerWindow
}

// logChange logs when a source fails and when it is back. A failed probe is logged for
// debugging only.
func (c *circuit) logChange(before, after circuitbreaker.State, reason string) {
	switch {
	case before == circuitbreaker.ClosedState && after == circuitbreaker.OpenState:
		m := c.policy.Metrics()
		c.logger.Warn("a source fails too often, and is hardly asked until it is back",
			"source", c.name, "breaker", "open", "reason", reason, "failures", m.Failures(), "requests", m.Executions())
	case before == circuitbreaker.HalfOpenState && after == circuitbreaker.OpenState:
		c.logger.Debug("a source still fails", "source", c.name, "breaker", "open", "reason", reason)
	case before == circuitbreaker.HalfOpenState && after == circuitbreaker.ClosedState:
		c.logger.Info("a source is back", "source", c.name, "breaker", "closed", "reason", "it answered")
	}
}

// logProbe logs a probe; further probes are logged for debugging only.
func (c *circuit) logProbe(first bool) {
	level := slog.LevelDebug
	if first {
		level = slog.LevelInfo
	}
	c.logger.Log(context.Background(), level, "a source is asked whether it is back",
		"source", c.name, "breaker", "half-open", "reason", "not asked for "+probeInterval.String())
}
