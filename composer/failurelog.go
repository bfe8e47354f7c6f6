package composer

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/stream"
)

// failureLog tells the operator of includes that failed. Of one source and
// reason it writes a line at once, and then at most one a second, with the
// number of failures since the line before: a source that is down fails with
// every page.
type failureLog struct {
	logger *slog.Logger

	mu     sync.Mutex
	recent map[failureKey]*recentFailure
	closed bool
}

type failureKey struct{ source, reason string }

// recentFailure is a source and reason that was written of within a second.
type recentFailure struct {
	timer *time.Timer // writes of further ones, or forgets it
	last  includeFailure
	count int // since the last line
}

// includeFailure is one failed include.
type includeFailure struct {
	level     slog.Level
	reference string
	page      string // the path of the page's request; empty for a view of an open page
	requestID string
	err       error
}

const (
	failureLogInterval = time.Second

	// maxRecentFailures bounds the sources and reasons that are remembered.
	// Failures of others are not written until one is forgotten, within a second.
	maxRecentFailures = 1024
)

func newFailureLog(logger *slog.Logger) *failureLog {
	return &failureLog{logger: logger, recent: make(map[failureKey]*recentFailure)}
}

// add writes of a failed include, or counts it.
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

// flush writes of the failures since the last line. If there were none, the
// source and reason are forgotten.
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

// close writes of what was counted. Nothing is written afterwards.
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
	if f.page != "" {
		attrs = append(attrs, slog.String("page", f.page))
	}
	if f.requestID != "" {
		attrs = append(attrs, slog.String("id", f.requestID))
	}
	l.logger.LogAttrs(context.Background(), f.level, "include failed", append(attrs, slog.Any("err", f.err))...)
}

func statusReason(status int) string { return "status " + strconv.Itoa(status) }

// failureReason is one of a few words for why an include failed, so that
// failures of one kind are counted together whatever their texts are.
func failureReason(err error) string {
	var fetch *FetchError
	var address *AddressError
	switch {
	case errors.As(err, &fetch) && fetch.Err == nil:
		return statusReason(fetch.Status)
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, breaker.ErrOpen):
		return "breaker open"
	case errors.Is(err, stream.ErrTooLarge), errors.Is(err, errPageTooLarge), errors.Is(err, errTooDeep), errors.Is(err, errTooMany):
		return "limit"
	case errors.Is(err, errPanic):
		return "panic"
	case errors.Is(err, encoding.ErrCoding), errors.Is(err, errLength):
		return "malformed response"
	case errors.Is(err, errRedirect):
		return "redirect"
	case errors.As(err, &address):
		return "address"
	}
	return "connection"
}
