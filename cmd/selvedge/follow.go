package main

import (
	"context"
	"strconv"
	"time"

	"selvedge/store"
)

// lookInterval is how often a process looks for what others have written to
// the data that they share.
const lookInterval = 100 * time.Millisecond

// follow invalidates what is written to the store, until ctx ends. Several
// processes may share one data folder: a write in one of them changes what the
// others have cached, and what their open pages show.
//
// The writes of this process are seen too, although their answers have named
// their groups already. Their views are rendered a second time then, and not
// sent, because their ETags are the same. In return a change is shown even if
// its answer was lost.
func (s *site) follow(ctx context.Context) {
	tick := time.NewTicker(lookInterval)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		changed, err := s.follower.Look(ctx)
		if err != nil {
			if !failing && ctx.Err() == nil {
				s.logger.Warn("cannot see what other processes write; trying again", "err", err)
			}
			failing = true
			continue
		}
		failing = false
		if groups := changedGroups(changed); len(groups) > 0 {
			s.composer.Invalidate(groups...)
		}
	}
}

// changedGroups returns the groups of what was written, as the fragments of
// the shop name them.
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
