package shop

import (
	"context"
	"log/slog"
	"time"

	"selvedge/store"
)

const (
	// cartLife is the life of a cart without activity.
	cartLife = 90 * 24 * time.Hour
	// endInterval is the time between two searches for old carts.
	endInterval = time.Hour
)

// endCarts ends carts without activity for cartLife, at once and then every endInterval,
// until ctx ends. The follower of each process sees the emptied carts, so that open pages
// show no lines. After an error, the next turn tries again.
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

// endAllCarts ends all old carts. It returns the number of ended carts, also with an error.
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
