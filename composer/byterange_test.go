package composer_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"selvedge/composer"
)

// TestARangeOfWhatIsStored is RFC 9110 §14.
func TestARangeOfWhatIsStored(t *testing.T) {
	const huge = "99999999999999999999999999999999"
	tests := []struct {
		name, ranges string
		document     string
		status       int
		want         string // Content-Range, or the body if there is none
	}{
		{"a range", "bytes=0-4", "0123456789", 206, "bytes 0-4/10"},
		{"a unit in other letters (§14.1)", "Bytes=0-4", "0123456789", 206, "bytes 0-4/10"},
		{"a unit that is not known (§14.2)", "items=0-4", "0123456789", 200, "0123456789"},
		{"no unit", "0-4", "0123456789", 200, "0123456789"},
		{"no range", "bytes=", "0123456789", 200, "0123456789"},
		{"a last position beyond the end", "bytes=8-20", "0123456789", 206, "bytes 8-9/10"},
		{"a last position beyond any integer", "bytes=8-" + huge, "0123456789", 206, "bytes 8-9/10"},
		{"a first position beyond any integer", "bytes=" + huge + "-", "0123456789", 416, "bytes */10"},
		{"both beyond any integer", "bytes=" + huge + "-" + huge, "0123456789", 416, "bytes */10"},
		{"a suffix", "bytes=-3", "0123456789", 206, "bytes 7-9/10"},
		{"a suffix that is longer than all", "bytes=-30", "0123456789", 206, "bytes 0-9/10"},
		{"a suffix beyond any integer", "bytes=-" + huge, "0123456789", 206, "bytes 0-9/10"},
		{"a suffix of nothing (§14.1.2)", "bytes=-0", "0123456789", 416, "bytes */10"},
		{"a range behind the end", "bytes=10-", "0123456789", 416, "bytes */10"},
		{"one of two that overlaps", "bytes=20-30, -0, 2-3", "0123456789", 206, "bytes 2-3/10"},
		{"a range that ends before it begins", "bytes=4-2", "0123456789", 416, "bytes */10"},
		{"a number that is none", "bytes=+1-2", "0123456789", 416, "bytes */10"},
		{"an empty document", "bytes=0-", "", 416, "bytes */0"},
		{"a suffix of an empty document", "bytes=-5", "", 416, "bytes */0"},
		{"a suffix of nothing of an empty document", "bytes=-0", "", 416, "bytes */0"},
		{"another unit of an empty document", "items=-5", "", 200, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &counter{answer: func(w http.ResponseWriter, _ *http.Request, _ int32) {
				set(w, "Cache-Control: max-age=60", `ETag: "a"`)
				_, _ = io.WriteString(w, test.document)
			}}
			s := newProxy(t, composer.Options{}, f.ServeHTTP)
			s.ask(t, "GET /x")
			a := s.ask(t, "GET /x|Range: "+test.ranges)
			got := a.header.Get("Content-Range")
			if a.status == http.StatusOK {
				got = a.body
			}
			if a.status != test.status || got != test.want || f.calls.Load() != 1 {
				t.Errorf("Range: %s is answered with %d %q after %d questions; want %d %q of what is stored", test.ranges, a.status, got, f.calls.Load(), test.status, test.want)
			}
			other := s.ask(t, `GET /x|If-Range: "b"|Range: `+test.ranges)
			if other.status != http.StatusOK || other.body != test.document {
				t.Errorf("Range: %s of another version is answered with %d %q; want all (§13.1.5)", test.ranges, other.status, other.body)
			}
		})
	}
}

// TestAnUnknownUnitIsNoReasonToStoreNothing asks before anything is stored.
func TestAnUnknownUnitIsNoReasonToStoreNothing(t *testing.T) {
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60")
		_, _ = io.WriteString(w, r.Header.Get("Range"))
	})
	for _, want := range []string{"fwd=uri-miss", "hit"} {
		a := s.ask(t, "GET /x|Range: items=0-4")
		if got := a.header.Get("Cache-Status"); a.status != http.StatusOK || a.body != "" || !strings.Contains(got, want) {
			t.Errorf("the answer is %d %q, Cache-Status %q; want all, and %s", a.status, a.body, got, want)
		}
	}
}

func TestMoreRangesThanAnyoneNeedsAreAnsweredInWhole(t *testing.T) {
	s := newProxy(t, composer.Options{}, with("Cache-Control: max-age=60|Content-Type: text/plain", piece(strings.Repeat("x", 1000))))
	s.get(t, "/") // which is stored
	for ranges, want := range map[int]int{64: 206, 65: 200, 10_000: 200} {
		if got := s.ask(t, "GET /|Range: bytes="+strings.Repeat("0-0,", ranges)); got.status != want {
			t.Errorf("answer to %d ranges = %d; want %d", ranges, got.status, want)
		}
	}
}
