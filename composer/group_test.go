package composer

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"
	"unique"

	"selvedge/composer/registry"
)

// TestAGroupHasWhatWasStoredAndNotDropped does something at random again and
// again, and compares what an invalidation drops with a model.
func TestAGroupHasWhatWasStoredAndNotDropped(t *testing.T) {
	const groups, targets = 4, 12
	r := rand.New(rand.NewPCG(1, 2))
	c, err := newCache(1<<20, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	source := &registry.Backend{Name: "f"}
	model := make(map[string][]string) // the groups of what is stored at a target
	for range 20_000 {
		target := fmt.Sprint("/", r.IntN(targets))
		k := key{registry.Target{Backend: source, URI: target}, unique.Make(audience{host: "h"})}
		switch r.IntN(4) {
		case 0, 1:
			var names []string
			for i := range groups {
				if r.IntN(2) == 0 {
					names = append(names, fmt.Sprint("g", i))
				}
			}
			answer := &response{key: k, groups: membershipsOf(http.Header{"Surrogate-Key": names})}
			s := &stored{response: *answer.finish(nil, nil)}
			c.mu.Lock()
			c.put(s, fixedHeader{})
			c.mu.Unlock()
			model[target] = names
		case 2:
			_, want := model[target]
			if got := c.invalidate(purge{target: k}); (got == 1) != want {
				t.Fatalf("%d dropped at %s; is one stored there? %v", got, target, want)
			}
			delete(model, target)
		case 3:
			name := fmt.Sprint("g", r.IntN(groups))
			before := len(model)
			maps.DeleteFunc(model, func(_ string, names []string) bool { return slices.Contains(names, name) })
			if got, want := c.invalidate(purge{groups: []string{name}}), before-len(model); got != want {
				t.Fatalf("%d dropped of %s; want %d", got, name, want)
			}
		}
	}
	left := 0
	for _, names := range model {
		left += min(len(names), 1)
	}
	got := c.invalidate(purge{groups: []string{"g0", "g1", "g2", "g3"}})
	if got != left || len(c.groups) != 0 {
		t.Errorf("%d dropped of all groups, and %d lists are left; want %d and none", got, len(c.groups), left)
	}
}
