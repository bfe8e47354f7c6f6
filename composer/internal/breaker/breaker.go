package breaker

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// ErrOpen says that a source is not asked, since it failed too often.
var ErrOpen = errors.New("the source failed too often, and is asked again only now and then until it answers")

// A source is dead when half of its answers within breakerWindow are failures,
// and there are breakerMinimum. From then on one request in probeInterval goes
// through, and one that succeeds revives it: at a hundred requests a second
// these are less than 1 %, and the source is back well within 2 s of its
// repair.
const (
	breakerWindow  = 2 * time.Second
	breakerMinimum = 20
	breakerRate    = 0.5
	probeInterval  = 1250 * time.Millisecond
)

// maxClientFailures bounds the failures of one client that count, in each
// breakerWindow. Two windows that follow each other have fewer of them than
// breakerMinimum and breakerRate ask for, so that no client opens a breaker
// alone (a visitor could otherwise have a source given up for everybody).
const maxClientFailures = 4

// circuit decides whether a source is asked at all. It is safe for concurrent
// use.
//
// The policy counts and has the states; when a probe begins is decided here. A
// probe that nobody waits for anymore is neither a success nor a failure, and
// one that hangs must not keep the source closed off: both are followed by the
// next when the time has come.
type circuit struct {
	name   string
	logger *slog.Logger

	mu     sync.Mutex
	policy circuitbreaker.CircuitBreaker[any]
	// generation is another one after each change of state and for each probe. What
	// became of a request counts only in the era that it began in: one that
	// was on its way when the source died says nothing of its repair.
	generation int
	asked      time.Time // when the last probe began, or else the source died
	// probes is how many there have been since the source died.
	probes int

	window         time.Time          // when the counting of failures by client began
	clientFailures map[netip.Addr]int // since then; nil: there are none
	failed         time.Time          // when the last failure was counted
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

// noGeneration is no request's era.
const noGeneration = -1

// admit reports whether a request may be sent, and returns its era.
func (b *circuit) admit() (era int, ok bool) { return b.readmit(noGeneration) }

// readmit is admit for a request that was admitted in an era and has waited
// since.
func (b *circuit) readmit(era int) (current int, ok bool) {
	current, probe, ok := b.decide(era)
	if probe > 0 {
		b.logProbe(probe == 1)
	}
	return current, ok
}

// decide is readmit without the log. probe numbers the probe that the request
// is; 0: it is none.
func (b *circuit) decide(era int) (current, probe int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if era == b.generation || b.policy.IsClosed() {
		return b.generation, 0, true
	}
	now := time.Now()
	if now.Sub(b.asked) < probeInterval {
		return 0, 0, false
	}
	b.policy.HalfOpen()
	b.generation++
	b.asked = now
	b.probes++
	return b.generation, b.probes, true
}

// closedSince reports whether the breaker has been closed since the beginning
// of an era.
func (b *circuit) closedSince(era int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return era == b.generation && b.policy.IsClosed()
}

// countsFailure reports whether another failure of a client counts. The lock is
// held.
func (b *circuit) countsFailure(client netip.Addr, now time.Time) bool {
	if !client.IsValid() {
		return true
	}
	if now.Sub(b.window) > breakerWindow || b.clientFailures == nil {
		b.window, b.clientFailures = now, make(map[netip.Addr]int)
	}
	b.clientFailures[client]++
	return b.clientFailures[client] <= maxClientFailures
}

// isQuiet reports whether the breaker is as it was when it was made: closed, and
// without a failure that still counts.
func (b *circuit) isQuiet(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.policy.IsClosed() && now.Sub(b.failed) > breakerWindow
}

// record counts what became of a request of an era: a failure for a reason, or a
// success if that is empty. Of the failures of one client, those above
// maxClientFailures are dropped.
func (b *circuit) record(era int, reason string, client netip.Addr) {
	failed := reason != ""
	b.mu.Lock()
	if era != b.generation || failed && b.policy.IsClosed() && !b.countsFailure(client, time.Now()) {
		b.mu.Unlock()
		return
	}
	before := b.policy.State()
	if failed {
		b.failed = time.Now()
		b.policy.RecordFailure()
	} else {
		b.policy.RecordSuccess()
	}
	after := b.policy.State()
	if after != before {
		b.generation++
	}
	if before == circuitbreaker.ClosedState && after == circuitbreaker.OpenState {
		b.asked, b.probes = time.Now(), 0
	}
	b.mu.Unlock()
	b.logChange(before, after, reason)
}

// logChange tells the operator when a source dies and when it is back. A probe
// that fails is news only for who debugs.
func (b *circuit) logChange(before, after circuitbreaker.State, reason string) {
	switch {
	case before == circuitbreaker.ClosedState && after == circuitbreaker.OpenState:
		m := b.policy.Metrics()
		b.logger.Warn("a source fails too often, and is hardly asked until it is back",
			"source", b.name, "breaker", "open", "reason", reason, "failures", m.Failures(), "requests", m.Executions())
	case before == circuitbreaker.HalfOpenState && after == circuitbreaker.OpenState:
		b.logger.Debug("a source still fails", "source", b.name, "breaker", "open", "reason", reason)
	case before == circuitbreaker.HalfOpenState && after == circuitbreaker.ClosedState:
		b.logger.Info("a source is back", "source", b.name, "breaker", "closed", "reason", "it answered")
	}
}

// logProbe tells the operator of a probe; of those after the first only for who
// debugs.
func (b *circuit) logProbe(first bool) {
	level := slog.LevelDebug
	if first {
		level = slog.LevelInfo
	}
	b.logger.Log(context.Background(), level, "a source is asked whether it is back",
		"source", b.name, "breaker", "half-open", "reason", "not asked for "+probeInterval.String())
}
