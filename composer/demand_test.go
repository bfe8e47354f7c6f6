package composer

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer/internal/header"
)

func TestDemandOf(t *testing.T) {
	const forever = time.Duration(header.MaxSeconds) * time.Second
	tests := []struct {
		name, field string
		want        demand
	}{
		{"nothing", "", demand{}},
		{"names in any case (RFC 9111 §5.2)", "No-Cache, NO-STORE, only-if-cached", demand{noCache: true, noStore: true, onlyIfCached: true}},
		{"max-age (§5.2.1.1)", "max-age=5", demand{limited: true, maxAge: 5 * time.Second}},
		{"max-age=0", "max-age=0", demand{limited: true}},
		{"a max-age that is none is 0", "max-age=x", demand{limited: true}},
		{"the stricter of two", "max-age=9, max-age=5, min-fresh=1, min-fresh=2", demand{limited: true, maxAge: 5 * time.Second, minFresh: 2 * time.Second}},
		{"max-stale without a number (§5.2.1.2)", "max-stale", demand{maxStale: forever}},
		{"a max-stale that is none is 0", "max-stale=x", demand{}},
		{"a min-fresh that is none is forever (§5.2.1.3)", "min-fresh=x", demand{minFresh: forever}},
		{"stale-if-error (RFC 5861 §4)", "stale-if-error=5", demand{ifError: 5 * time.Second}},
		{"a quoted number", `max-age="5"`, demand{limited: true, maxAge: 5 * time.Second}},
		{"what is unknown (§5.2.3)", `x="no-cache", no-transform, =, `, demand{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := demandOf(http.Header{"Cache-Control": {test.field}})
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(demand{})); diff != "" {
				t.Errorf("demandOf(%q) (-want +got):\n%s", test.field, diff)
			}
		})
	}
}

// FuzzDemand holds that a directive more is never satisfied by what the field
// without it is not, except for max-stale.
func FuzzDemand(f *testing.F) {
	for _, seed := range []string{"", "max-age=5", "min-fresh=1, max-stale", `a="b, no-cache"`, `"`, "max-age=5, max-age=x"} {
		f.Add(seed, int64(3), int64(5))
	}
	f.Fuzz(func(t *testing.T, field string, age, lifetime int64) {
		now := time.Unix(1<<31, 0)
		s := &stored{terms: terms{reusable: true, lifetime: header.Seconds(lifetime % 1000)}}
		s.gives.Born = now.Add(-header.Seconds(age % 1000).Duration()).UnixNano()
		lenient := demandOf(http.Header{"Cache-Control": {field}}).accepts(s, now)
		for _, more := range []string{"no-cache", "max-age=4", "min-fresh=4"} {
			if demandOf(http.Header{"Cache-Control": {field, more}}).accepts(s, now) && !lenient {
				t.Errorf("%q with %s accepts what it does not accept without it", field, more)
			}
		}
		s.strict = true
		if s.left(now) <= 0 && demandOf(http.Header{"Cache-Control": {field}}).accepts(s, now) {
			t.Errorf("%q accepts what must be revalidated", field)
		}
	})
}
