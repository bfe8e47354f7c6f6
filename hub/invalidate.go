package hub

import (
	"context"
	"slices"
)

// Invalidate says that the data of these groups changed: every view that
// names one of them is rendered again, and sent where it differs. It hands
// the groups to the broker and does not wait for the renderings. It may be
// called at any time, by many goroutines.
func (h *Hub) Invalidate(groups ...string) {
	if len(groups) == 0 {
		return
	}
	groups = slices.Clone(groups)
	if err := h.options.Broker.Publish(context.Background(), groups); err != nil {
		h.options.Logger.Error("publish invalidation", "groups", groups, "error", err)
		h.receive(groups)
	}
}

// memory is how many invalidations the hub remembers for the views that are
// being fetched when they come.
const memory = 512

// receive is told by the broker that groups changed; none at all stands for
// every group.
func (h *Hub) receive(groups []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.number++
	h.recent[h.number%memory] = groups
	if len(groups) == 0 {
		for _, v := range h.views {
			h.touch(v, h.number)
		}
		return
	}
	for _, g := range groups {
		for v := range h.groups[g] {
			h.touch(v, h.number)
		}
	}
}

// missed says whether one of the invalidations after the given one concerns
// groups. When it does not remember, it says yes. A fetch whose answer names
// groups that the view was not listed under asks this. Hub.mu is held.
func (h *Hub) missed(groups []string, after uint64) bool {
	if h.number-after > memory {
		return true
	}
	for n := after + 1; n <= h.number; n++ {
		invalidated := h.recent[n%memory]
		if len(invalidated) == 0 {
			return true
		}
		if slices.ContainsFunc(invalidated, func(g string) bool { return slices.Contains(groups, g) }) {
			return true
		}
	}
	return false
}
