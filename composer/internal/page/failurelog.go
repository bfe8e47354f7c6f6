package page

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// failureLog logs failed includes. For each source and reason, the first failure is
// logged at once. After that, at most one line per second has the number of failures
// since the previous line, because a source that is down fails with every page.
type failureLog struct {
	logger *slog.Logger

	mu     sync.Mutex
	recent map[failureKey]*recentFailure
	closed bool
}

type failureKey struct{ source, reason string }

// recentFailure is a source and reason logged within a second.
type recentFailure struct {
	timer *time.Timer // logs further failures, or forgets this failure
	last  includeFailure
	count int // since the last line
}

// includeFailure is a failed include.
type includeFailure struct {
	level     slog.Level
	reference string
	page      string // the path of the page's request; empty for a view of an open page
	requestID string
	version   string // of the fragment; empty if unknown
	err       error
}

const (
	failureLogInterval = time.Second

	// maxRecentFailures limits the remembered sources and reasons. At the limit, failures
	// with any other source or reason are not logged until an entry is forgotten, within
	// a second.
	maxRecentFailures = 1024
)

func newFailureLog(logger *slog.Logger) *failureLog {
	return &failureLog{logger: logger, recent: make(map[failureKey]*recentFailure)}
}

// add logs a failed include, or counts it.
func (l *failureLog) add(source string, f includeFailure) {
	if !l.logger.Enabled(context.Background(), f.level) {
		return
	}
	k := failureKey{source, failureReason(f.err)}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch recent := l.recent[k]; {
	case recent != nil:
		recent.last = f
		recent.count++
	case len(l.recent) < maxRecentFailures && !l.closed:
		l.recent[k] = &recentFailure{timer: time.AfterFunc(failureLogInterval, func() { l.flush(k) })}
		l.write(k, f, 1)
	}
}

// flush logs the failures since the previous line. Without such failures, flush forgets
// the source and reason.
func (l *failureLog) flush(k failureKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	recent := l.recent[k]
	if recent == nil {
		return
	}
	if recent.count == 0 {
		delete(l.recent, k)
		return
	}
	l.write(k, recent.last, recent.count)
	recent.count = 0
	recent.timer.Reset(failureLogInterval)
}

// close logs the counted failures. Later failures are not logged.
func (l *failureLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for k, recent := range l.recent {
		recent.timer.Stop()
		if recent.count > 0 {
			l.write(k, recent.last, recent.count)
		}
	}
	clear(l.recent)
}

func (l *failureLog) write(k failureKey, f includeFailure, count int) {
	attrs := []slog.Attr{
		slog.String("reference", f.reference), slog.String("source", k.source),
		slog.String("reason", k.reason), slog.Int("count", count),
	}
	if f.version != "" {
		attrs = append(attrs, slog.String("version", f.version))
	}
	if f.page != "" {
		attrs = append(attrs, slog.String("page", f.page))
	}
	if f.requestID != "" {
		attrs = append(attrs, slog.String("id", f.requestID))
	}
	l.logger.LogAttrs(context.Background(), f.level, "include failed", append(attrs, slog.Any("err", f.err))...)
}
