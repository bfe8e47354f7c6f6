package composer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseCacheControl(t *testing.T) {
	with := func(change func(*directives)) directives {
		d := noDirectives()
		change(&d)
		return d
	}
	tests := []struct {
		name, field string
		want        directives
	}{
		{"nothing", "", noDirectives()},
		{"names in any case (RFC 9111 §5.2)", "PUBLIC, Max-Age=5", with(func(d *directives) { d.public, d.maxAge = true, 5 })},
		{"a quoted number (§5.2)", `max-age="5"`, with(func(d *directives) { d.maxAge = 5 })},
		{"a comma in a quoted string", `x="a, no-store", max-age=5`, with(func(d *directives) { d.maxAge = 5 })},
		{"an escaped quote in a quoted string", `x="\", no-store", max-age=5`, with(func(d *directives) { d.maxAge = 5 })},
		{"a quoted string without an end", `x="a, max-age=5`, noDirectives()},
		{"a number beyond all (§1.2.2)", "max-age=99999999999999999999", with(func(d *directives) { d.maxAge = maxSeconds })},
		{"a negative number (§4.2.1)", "max-age=-5", with(func(d *directives) { d.maxAge = 0 })},
		{"a fraction (§4.2.1)", "max-age=1.5", with(func(d *directives) { d.maxAge = 0 })},
		{"a number that is missing (§4.2.1)", "max-age", with(func(d *directives) { d.maxAge = 0 })},
		{"twice the same", "max-age=5, max-age=5", with(func(d *directives) { d.maxAge = 5 })},
		{"twice and differently (§4.2.1)", "max-age=5, max-age=9", with(func(d *directives) { d.maxAge = 0 })},
		{"some fields only (§5.2.2.7)", `private="set-cookie"`, with(func(d *directives) { d.private = true })},
		{"what is for others", "Immutable, no-transform", with(func(d *directives) { d.immutable, d.noTransform = true, true })},
		{"what is unknown (§5.2.3)", "speedily, a=b, , =", noDirectives()},
		{"a request's number for proxies", "proxy-revalidate", with(func(d *directives) { d.mustRevalidate = true })},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := parseCacheControl([]string{test.field})
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(directives{})); diff != "" {
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
		got := parseCacheControl([]string{field})
		for _, n := range []seconds{got.maxAge, got.sharedMaxAge, got.staleIfError, got.staleWhileRevalidate} {
			if n < absent || n > maxSeconds {
				t.Errorf("%q has the number %d", field, n)
			}
		}
		if d := parseCacheControl([]string{field, "no-store"}); !d.noStore || d.maxAge != got.maxAge {
			t.Errorf("%q with a line more is %+v; want no-store and nothing else changed", field, d)
		}
		if !strings.ContainsAny(field, `"\`) && got != parseCacheControl(strings.Split(field, ",")) {
			t.Errorf("%q means something else in lines", field)
		}
		_, _ = parseSurrogateControl([]string{field})
		_, _ = parseTargeted([]string{field})
	})
}
