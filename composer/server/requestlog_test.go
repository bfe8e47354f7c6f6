package server

import (
	"net/http"
	"testing"
)

func TestTheResultOfTheCacheInALog(t *testing.T) {
	for field, want := range map[string]string{
		"":                                    "",
		"selvedge; hit; ttl=3":                "hit",
		"selvedge; fwd=stale; fwd-status=304": "stale",
		"origin; hit, selvedge; fwd=uri-miss": "uri-miss",
		"other":                               "",
	} {
		h := http.Header{}
		if field != "" {
			h.Set("Cache-Status", field)
		}
		if got := cacheResult(h); got != want {
			t.Errorf("cacheResult(%q) = %q; want %q", field, got, want)
		}
	}
}
