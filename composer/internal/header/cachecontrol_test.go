package header

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseCacheControl(t *testing.T) {
	with := func(change func(*CacheControl)) CacheControl {
		d := noDirectives()
		change(&d)
		return d
	}
	tests := []struct {
		name, field string
		want        CacheControl
	}{
		{"nothing", "", noDirectives()},
		{"names in any case (RFC 9111 §5.2)", "PUBLIC, Max-Age=5", with(func(d *CacheControl) { d.Public, d.MaxAge = true, 5 })},
		{"a quoted number (§5.2)", `max-age="5"`, with(func(d *CacheControl) { d.MaxAge = 5 })},
		{"a comma in a quoted string", `x="a, no-store", max-age=5`, with(func(d *CacheControl) { d.MaxAge = 5 })},
		{"an escaped quote in a quoted string", `x="\", no-store", max-age=5`, with(func(d *CacheControl) { d.MaxAge = 5 })},
		{"a quoted string without an end", `x="a, max-age=5`, noDirectives()},
		{"a number beyond all (§1.2.2)", "max-age=99999999999999999999", with(func(d *CacheControl) { d.MaxAge = MaxSeconds })},
		{"a negative number (§4.2.1)", "max-age=-5", with(func(d *CacheControl) { d.MaxAge = 0 })},
		{"a fraction (§4.2.1)", "max-age=1.5", with(func(d *CacheControl) { d.MaxAge = 0 })},
		{"a number that is missing (§4.2.1)", "max-age", with(func(d *CacheControl) { d.MaxAge = 0 })},
		{"twice the same", "max-age=5, max-age=5", with(func(d *CacheControl) { d.MaxAge = 5 })},
		{"twice and differently (§4.2.1)", "max-age=5, max-age=9", with(func(d *CacheControl) { d.MaxAge = 0 })},
		{"some fields only (§5.2.2.7)", `private="set-cookie"`, with(func(d *CacheControl) { d.Private = true })},
		{"what is for others", "Immutable, no-transform", with(func(d *CacheControl) { d.Immutable, d.NoTransform = true, true })},
		{"what is unknown (§5.2.3)", "speedily, a=b, , =", noDirectives()},
		{"a request's number for proxies", "proxy-revalidate", with(func(d *CacheControl) { d.MustRevalidate = true })},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ParseCacheControl([]string{test.field})
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(CacheControl{})); diff != "" {
				t.Errorf("parseCacheControl(%q) (-want +got):\n%s", test.field, diff)
			}
		})
	}
}

// FuzzCacheControl holds that a directive more never lets more be stored, and
// that a field may be cut into lines at its commas.
func FuzzCacheControl(f *testing.F) {
	for _, seed := range []string{"", "max-age=5, private", `a="b, c", no-store`, `"`, `\`, "max-age=1, max-age=2", "=,=;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		got := ParseCacheControl([]string{field})
		for _, n := range []Seconds{got.MaxAge, got.SharedMaxAge, got.StaleIfError, got.StaleWhileRevalidate} {
			if n < Absent || n > MaxSeconds {
				t.Errorf("%q has the number %d", field, n)
			}
		}
		if d := ParseCacheControl([]string{field, "no-store"}); !d.NoStore || d.MaxAge != got.MaxAge {
			t.Errorf("%q with a line more is %+v; want no-store and nothing else changed", field, d)
		}
		if !strings.ContainsAny(field, `"\`) && got != ParseCacheControl(strings.Split(field, ",")) {
			t.Errorf("%q means something else in lines", field)
		}
		_, _ = parseSurrogateControl([]string{field})
		_, _ = parseTargeted([]string{field})
	})
}
