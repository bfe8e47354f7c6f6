package main

import (
	"context"
	"log/slog"
	"time"

	"selvedge/store"
)

const (
	// cartLife is how long a cart without activity lasts.
	cartLife = 90 * 24 * time.Hour
	// endInterval is how often a process looks for carts that have lasted so long.
	endInterval = time.Hour
)

// endCarts ends carts without activity for cartLife, at once and then every
// endInterval, until ctx ends. The follower of each process sees the carts that
// lost their lines, so that open pages show them empty. After an error, the
// next turn tries again.
func endCarts(ctx context.Context, s *store.Store, logger *slog.Logger) {
	tick := time.NewTicker(endInterval)
	defer tick.Stop()
	for {
		n, err := endAllCarts(ctx, s)
		if n > 0 {
			logger.Info("ended carts without activity", "carts", n)
		}
		if err != nil && ctx.Err() == nil {
			logger.Warn("cannot end carts without activity; trying again in an hour", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// endAllCarts returns how many carts it ended before an error.
func endAllCarts(ctx context.Context, s *store.Store) (total int, err error) {
	since := time.Now().Add(-cartLife)
	for {
		n, err := s.EndCarts(ctx, since)
		total += n
		if n == 0 || err != nil {
			return total, err
		}
	}
}
