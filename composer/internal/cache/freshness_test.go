package cache

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer/internal/header"
)

func TestFreshness(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	at := func(name string, after time.Duration) string {
		return name + ": " + now.Add(after).Format(http.TimeFormat)
	}
	tests := []struct {
		name     string
		request  string
		status   int
		header   []string
		storable bool
		lifetime time.Duration
	}{
		{"Expires against Date (RFC 9111 §4.2.1)", "", 200, []string{at("Expires", time.Hour), at("Date", -time.Hour)}, true, 2 * time.Hour},
		{"Expires that is no date (§5.3)", "", 200, []string{"Expires: 0"}, false, 0},
		{"Expires twice and differently (§4.2.1)", "", 200, []string{at("Expires", time.Hour), at("Expires", time.Minute)}, false, 0},
		{"max-age beats Expires (§5.3)", "", 200, []string{at("Expires", time.Hour), "Cache-Control: max-age=5"}, true, 5 * time.Second},
		{"a targeted field beats Expires (RFC 9213 §2.2)", "", 200, []string{at("Expires", time.Hour), "Selvedge-Cache-Control: public"}, false, 0},
		{"our field beats the one for all (RFC 9213 §2.2)", "", 200, []string{"CDN-Cache-Control: max-age=9", "Selvedge-Cache-Control: max-age=5"}, true, 5 * time.Second},
		{"a tenth of the time without a change (§4.2.2)", "", 200, []string{at("Last-Modified", -10*time.Hour), at("Date", 0)}, true, time.Hour},
		{"a day of that at most", "", 200, []string{at("Last-Modified", -1e4*time.Hour), at("Date", 0)}, true, 24 * time.Hour},
		{"no heuristic for this status (§4.2.2)", "", 302, []string{at("Last-Modified", -10*time.Hour)}, false, 0},
		{"unless it is public (§4.2.2)", "", 302, []string{at("Last-Modified", -10*time.Hour), "Cache-Control: public"}, true, time.Hour},
		{"any final status with a lifetime (§3)", "", 503, []string{"Cache-Control: max-age=5"}, true, 5 * time.Second},
		{"a part of an answer (§3.3)", "", 206, []string{"Cache-Control: max-age=5"}, false, 5 * time.Second},
		{"stale at once, but with a validator (§4.3)", "", 200, []string{"Cache-Control: max-age=0", `ETag: "1"`}, true, 0},
		{"only a validator", "", 200, []string{`ETag: "1"`}, false, 0},
		{"Authorization (§3.5)", "Bearer x", 200, []string{"Cache-Control: max-age=5"}, false, 5 * time.Second},
		{"Authorization and public (§3.5)", "Bearer x", 200, []string{"Cache-Control: max-age=5, public"}, true, 5 * time.Second},
		{"Authorization and s-maxage (§3.5)", "Bearer x", 200, []string{"Cache-Control: s-maxage=5"}, true, 5 * time.Second},
		{"must-understand and a known status (§5.2.2.3)", "", 200, []string{"Cache-Control: max-age=5, no-store, must-understand"}, true, 5 * time.Second},
		{"must-understand and another status (§5.2.2.3)", "", 299, []string{"Cache-Control: max-age=5, must-understand"}, false, 5 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			header, request := make(http.Header), make(http.Header)
			for _, line := range test.header {
				name, value, _ := strings.Cut(line, ": ")
				header.Add(name, value)
			}
			if test.request != "" {
				request.Set("Authorization", test.request)
			}
			got := freshnessOf(request, test.status, header, now)
			if got.isStorable != test.storable || got.lifetime.Duration() != test.lifetime {
				t.Errorf("freshnessOf(%d, %q) = storable %v for %v; want %v for %v",
					test.status, test.header, got.isStorable, got.lifetime.Duration(), test.storable, test.lifetime)
			}
		})
	}
}

func TestAgeOf(t *testing.T) {
	tests := []struct {
		name string
		age  []string
		want time.Duration
	}{
		{"none", nil, 0},
		{"a number", []string{"5"}, 5 * time.Second},
		{"the first of a list (RFC 9111 §5.1)", []string{"5, 9"}, 5 * time.Second},
		{"the first of several lines (§5.1)", []string{"0", "7200"}, 0},
		{"the first of several lines that are old", []string{"7200", "0"}, 2 * time.Hour},
		{"the same twice", []string{"0, 0"}, 0},
		{"a word is ignored (§5.1)", []string{"old"}, 0},
		{"a negative number is ignored", []string{"-5"}, 0},
		{"a fraction is ignored", []string{"7200.0"}, 0},
		{"nothing is ignored", []string{""}, 0},
		{"a first member that is invalid is ignored, with those behind it", []string{"x, 5", "9"}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := http.Header{"Cache-Control": {"max-age=60, stale-while-revalidate=60"}, "Age": test.age}
			if got := header.Age(h); got != test.want {
				t.Errorf("ageOf(%q) = %v; want %v", test.age, got, test.want)
			}
			if got := freshnessOf(nil, 200, h, time.Now()); !got.isReusable || got.staleWhileRevalidate == 0 {
				t.Errorf("Age: %q makes %+v; want it usable", test.age, got)
			}
		})
	}
}

// TestAClockThatWasSetBackMakesAnswersStale has answers of which the clock says
// that they come from the future.
func TestAClockThatWasSetBackMakesAnswersStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := time.Now()
		time.Sleep(time.Second)
		s := &Stored{freshness: freshness{isStorable: true, isReusable: true, lifetime: 60, staleIfError: 60}}
		tests := []struct {
			name  string
			born  time.Time
			fresh bool
		}{
			{"one that came before", before, true},
			{"one that came after the clock was read", before.Add(time.Second / 2), true},
			{"one that came before the clock was set back by a second", time.Now().Add(time.Second), false},
			{"one that came before the clock was set back by a day", time.Now().Add(24 * time.Hour), false},
		}
		for _, test := range tests {
			s.Policy.Born = test.born.UnixNano()
			if got := s.isFresh(before); got != test.fresh {
				t.Errorf("%s is fresh: %v; want %v", test.name, got, test.fresh)
			}
			if got := (RequestDirectives{}).Allow(s, before); got != test.fresh {
				t.Errorf("%s is used: %v; want %v", test.name, got, test.fresh)
			}
			if status := s.CacheStatus(before); status.Age < 0 {
				t.Errorf("%s has the age %v; want none below zero", test.name, status.Age)
			}
			if !s.isUsable(before, s.staleIfError.Duration()) {
				t.Errorf("%s does not stand in for a failure; want it to, as one that is stale", test.name)
			}
		}
	})
}
