package cache

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"
	"unique"

	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/registry"
)

// TestAGroupHasWhatWasStoredAndNotDropped does something at random again and
// again, and compares what an invalidation drops with a model.
func TestAGroupHasWhatWasStoredAndNotDropped(t *testing.T) {
	const groups, targets = 4, 12
	r := rand.New(rand.NewPCG(1, 2))
	c, err := New(Options{Size: 1 << 20, FetchTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	source := &registry.Backend{Name: "f"}
	model := make(map[string][]string) // the groups of what is stored at a target
	for range 20_000 {
		target := fmt.Sprint("/", r.IntN(targets))
		k := Key{registry.Target{Backend: source, URI: target}, unique.Make(Scope{Host: "h"})}
		switch r.IntN(4) {
		case 0, 1:
			var names []string
			for i := range groups {
				if r.IntN(2) == 0 {
					names = append(names, fmt.Sprint("g", i))
				}
			}
			s := &Stored{Response: *NewResponse(k, 200, http.Header{"Surrogate-Key": names}, cachepolicy.Policy{})}
			c.mu.Lock()
			c.store(s, FixedHeader{})
			c.mu.Unlock()
			model[target] = names
		case 2:
			_, want := model[target]
			if got := c.Invalidate(Purge{Target: k}); (got == 1) != want {
				t.Fatalf("%d dropped at %s; is one stored there? %v", got, target, want)
			}
			delete(model, target)
		case 3:
			name := fmt.Sprint("g", r.IntN(groups))
			before := len(model)
			maps.DeleteFunc(model, func(_ string, names []string) bool { return slices.Contains(names, name) })
			if got, want := c.Invalidate(Purge{Groups: []string{name}}), before-len(model); got != want {
				t.Fatalf("%d dropped of %s; want %d", got, name, want)
			}
		}
	}
	left := 0
	for _, names := range model {
		left += min(len(names), 1)
	}
	got := c.Invalidate(Purge{Groups: []string{"g0", "g1", "g2", "g3"}})
	if got != left || len(c.groups) != 0 {
		t.Errorf("%d dropped of all groups, and %d lists are left; want %d and none", got, len(c.groups), left)
	}
}
