package shop

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"selvedge/store"
)

// lookInterval is the time between two searches for the writes of other processes.
const lookInterval = 100 * time.Millisecond

// follow invalidates the groups of all writes to the store, until ctx ends. Several
// processes may share a data folder, so the write of a process changes the stored
// responses and the open pages of all processes.
//
// The writes of this process are invalidated a second time, after the response to the
// write. The views are rendered again, and not sent, because the ETags are equal. In
// return a change is shown even if its response was lost.
func follow(ctx context.Context, follower *store.Follower, invalidate func(groups ...string) int, logger *slog.Logger) {
	tick := time.NewTicker(lookInterval)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		changed, err := follower.Look(ctx)
		if err != nil {
			if !failing && ctx.Err() == nil {
				logger.Warn("cannot see what other processes write; trying again", "err", err)
			}
			failing = true
			continue
		}
		failing = false
		if groups := changedGroups(changed); len(groups) > 0 {
			invalidate(groups...)
		}
	}
}

// changedGroups returns the groups of changed data, by the names in the shop's fragments.
func changedGroups(changed store.Changed) []string {
	var groups []string
	for _, id := range changed.Carts {
		groups = append(groups, "cart:"+id)
	}
	if len(changed.Products) > 0 {
		groups = append(groups, "products")
	}
	for _, id := range changed.Products {
		groups = append(groups, "product:"+strconv.FormatInt(id, 10))
	}
	return groups
}
