package cache

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer/internal/header"
)

func TestRequestDirectives(t *testing.T) {
	const forever = time.Duration(header.MaxSeconds) * time.Second
	tests := []struct {
		name, field string
		want        RequestDirectives
	}{
		{"nothing", "", RequestDirectives{}},
		{"names in any case (RFC 9111 §5.2)", "No-Cache, NO-STORE, only-if-cached", RequestDirectives{NoCache: true, NoStore: true, OnlyIfCached: true}},
		{"max-age (§5.2.1.1)", "max-age=5", RequestDirectives{HasMaxAge: true, MaxAge: 5 * time.Second}},
		{"max-age=0", "max-age=0", RequestDirectives{HasMaxAge: true}},
		{"a max-age that is none is 0", "max-age=x", RequestDirectives{HasMaxAge: true}},
		{"the stricter of two", "max-age=9, max-age=5, min-fresh=1, min-fresh=2", RequestDirectives{HasMaxAge: true, MaxAge: 5 * time.Second, MinFresh: 2 * time.Second}},
		{"max-stale without a number (§5.2.1.2)", "max-stale", RequestDirectives{MaxStale: forever}},
		{"a max-stale that is none is 0", "max-stale=x", RequestDirectives{}},
		{"a min-fresh that is none is forever (§5.2.1.3)", "min-fresh=x", RequestDirectives{MinFresh: forever}},
		{"stale-if-error (RFC 5861 §4)", "stale-if-error=5", RequestDirectives{StaleIfError: 5 * time.Second}},
		{"a quoted number", `max-age="5"`, RequestDirectives{HasMaxAge: true, MaxAge: 5 * time.Second}},
		{"what is unknown (§5.2.3)", `x="no-cache", no-transform, =, `, RequestDirectives{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ParseRequestDirectives(http.Header{"Cache-Control": {test.field}})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("ParseRequestDirectives(%q) (-want +got):\n%s", test.field, diff)
			}
		})
	}
}

// FuzzRequestDirectives holds that a directive more is never satisfied by what the field
// without it is not, except for max-stale.
func FuzzRequestDirectives(f *testing.F) {
	for _, seed := range []string{"", "max-age=5", "min-fresh=1, max-stale", `a="b, no-cache"`, `"`, "max-age=5, max-age=x"} {
		f.Add(seed, int64(3), int64(5))
	}
	f.Fuzz(func(t *testing.T, field string, age, lifetime int64) {
		now := time.Unix(1<<31, 0)
		s := &Stored{freshness: freshness{isReusable: true, lifetime: header.Seconds(lifetime % 1000)}}
		s.Policy.Born = now.Add(-header.Seconds(age % 1000).Duration()).UnixNano()
		lenient := ParseRequestDirectives(http.Header{"Cache-Control": {field}}).Allow(s, now)
		for _, more := range []string{"no-cache", "max-age=4", "min-fresh=4"} {
			if ParseRequestDirectives(http.Header{"Cache-Control": {field, more}}).Allow(s, now) && !lenient {
				t.Errorf("%q with %s accepts what it does not accept without it", field, more)
			}
		}
		s.isStrict = true
		if s.remaining(now) <= 0 && ParseRequestDirectives(http.Header{"Cache-Control": {field}}).Allow(s, now) {
			t.Errorf("%q accepts what must be revalidated", field)
		}
	})
}
