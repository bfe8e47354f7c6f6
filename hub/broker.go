package hub

import (
	"context"
	"sync"
)

// A Broker carries invalidations between processes. Package brokertest holds
// the tests that every implementation passes.
type Broker interface {
	// Publish hands the names of groups to every subscriber:
	//   - including the subscribers of this process;
	//   - in the order of the calls of a goroutine;
	//   - without waiting for a network: groups that cannot be sent at once are
	//     queued.
	//
	// An error means that the subscribers of this process were not called. The
	// slice is never empty, and belongs to the broker afterwards.
	Publish(ctx context.Context, groups []string) error

	// Subscribe hands everything published after its return to receive, until
	// ctx is done; receive is never called afterwards. Calls of receive
	//   - do not overlap;
	//   - return quickly;
	//   - must not change groups.
	//
	// An empty slice means that invalidations may have been lost.
	Subscribe(ctx context.Context, receive func(groups []string)) error
}

// Local is a [Broker] within a process. Its zero value is ready to use; Publish
// returns when every subscriber has been called.
type Local struct {
	mu          sync.Mutex
	subscribers map[*localSubscriber]struct{}
}

type localSubscriber struct {
	ctx      context.Context
	mu       sync.Mutex
	callback func(groups []string)
}

var _ Broker = (*Local)(nil)

// Publish implements [Broker].
func (l *Local) Publish(_ context.Context, groups []string) error {
	l.mu.Lock()
	subscribers := make([]*localSubscriber, 0, len(l.subscribers))
	for s := range l.subscribers {
		subscribers = append(subscribers, s)
	}
	l.mu.Unlock()
	for _, s := range subscribers {
		s.deliver(groups)
	}
	return nil
}

// Subscribe implements [Broker].
func (l *Local) Subscribe(ctx context.Context, receive func(groups []string)) error {
	s := &localSubscriber{ctx: ctx, callback: receive}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.subscribers == nil {
		l.subscribers = make(map[*localSubscriber]struct{})
	}
	l.subscribers[s] = struct{}{}
	context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.subscribers, s)
	})
	return nil
}

func (s *localSubscriber) deliver(groups []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() == nil {
		s.callback(groups)
	}
}
