package page

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestServerTimingSaysWhatBecameOfEachInclude(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all timings
		if got := all.String(); got != "" {
			t.Errorf("of nothing: %q; want nothing", got)
		}
		good, bad := all.start("/fragments/cart/mini?size=s"), all.start("/fragments/list@^1.2/grid")
		all.start("/fragments/slow/x")
		time.Sleep(1500 * time.Microsecond)
		all.end(bad, "timeout")
		time.Sleep(time.Millisecond)
		all.end(good, "")
		want := `cart-mini;dur=2.500, list--1.2-grid;dur=1.500;desc="timeout", slow-x;desc="pending"`
		if got := all.String(); got != want {
			t.Errorf("timings = %s; want %s", got, want)
		}
		all.hits.Add(2)
		if got := all.String(); got != "hits;desc=2, "+want {
			t.Errorf("timings = %s; want hits;desc=2 before %s", got, want)
		}
	})
}

func TestTimingNameIsAToken(t *testing.T) {
	tests := []struct{ name, reference, want string }{
		{"a path without its query", "/fragments/cart/mini?a=b", "cart-mini"},
		{"the root of a fragment", "/fragments/cart/", "cart"},
		{"a reserved reference", "/-/answer", "answer"},
		{"nothing", "", "include"},
		{"bytes that end a field", "/fragments/a\r\nb,c;d=\"e\"", "a--b-c-d--e"},
		{"letters that are no ASCII", "/fragments/é/ü", "include"},
		{"a very long one", "/fragments/" + strings.Repeat("a", 10_000), strings.Repeat("a", 64)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(appendTimingName(nil, test.reference)); got != test.want {
				t.Errorf("appendTimingName(nil, %.80q) = %q; want %q", test.reference, got, test.want)
			}
		})
	}
}

func TestServerTimingIsBounded(t *testing.T) {
	var all timings
	for range 1000 {
		all.start("/fragments/cart/mini")
	}
	got := all.String()
	if len(got) > 3<<10 || len(got) < 3000 || !strings.HasSuffix(got, `cart-mini;desc="pending"`) {
		t.Errorf("timings have %d bytes and end in %q; want 3 KiB of whole entries", len(got), got[len(got)-30:])
	}
}
