package header

import (
	"net/http"
	"slices"
	"testing"
)

func TestSelecting(t *testing.T) {
	tests := []struct {
		name, field, one, other string
		same                    bool
	}{
		{"space around the members of a list (RFC 9111 §4.1)", "Foo", "1,2", " 1 ,\t2", true},
		{"empty members (RFC 9110 §5.6.1)", "Foo", "1,2", "1,, 2,", true},
		{"the order of a list that may have one", "Foo", "1, 2", "2, 1", false},
		{"case", "Foo", "a", "A", false},
		{"a comma in a quoted string", "Foo", `"1,2"`, `"1, 2"`, false},
		{"the order of languages (RFC 9110 §12.5.4)", "Accept-Language", "en, de;q=0.5", "de;q=0.5,en", true},
		{"the case of languages", "Accept-Language", "en-US", "EN-us", true},
		{"the weight of languages", "Accept-Language", "en, de;q=0.5", "en;q=0.5, de", false},
		{"the order of codings (§12.5.3)", "Accept-Encoding", "gzip, br", "BR,gzip", true},
		{"a field that is no list", "User-Agent", "a (b, c)", "a (b,c)", false},
		{"a field that is not there, and an empty one", "Foo", "\x00", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			one, other := NormalizeSelecting(test.field, test.one), NormalizeSelecting(test.field, test.other)
			if (one == other) != test.same {
				t.Errorf("selecting(%s) of %q and %q = %q and %q; want them the same: %v", test.field, test.one, test.other, one, other, test.same)
			}
		})
	}
}

// FuzzSelecting holds that the form in which values are compared is one: it is
// its own form, and matching goes both ways.
func FuzzSelecting(f *testing.F) {
	for _, seed := range []string{"", "a, b", `"a, b`, "de;q=0.5 , EN", ",,", "\x00", `\`} {
		f.Add(seed, "a,b")
	}
	fields := []string{"Accept-Encoding", "Accept-Language", "Cookie", "Foo"}
	f.Fuzz(func(t *testing.T, one, other string) {
		for _, name := range fields {
			form := NormalizeSelecting(name, one)
			if again := NormalizeSelecting(name, form); again != form {
				t.Errorf("selecting(%s, %q) = %q, and of that %q", name, one, form, again)
			}
			vary := []string{name}
			a, b := http.Header{name: {one}}, http.Header{name: {other}}
			if MatchesSelecting(a, vary, SelectingValues(b, vary)) != MatchesSelecting(b, vary, SelectingValues(a, vary)) {
				t.Errorf("%s: %q and %q match one way only", name, one, other)
			}
			if !MatchesSelecting(a, vary, SelectingValues(a, vary)) {
				t.Errorf("%s: %q does not match itself", name, one)
			}
		}
	})
}

// FuzzVary holds that the names are a set in canonical form, however they are
// written.
func FuzzVary(f *testing.F) {
	for _, seed := range []string{"", "*", "accept, Accept,ACCEPT", ",,a b", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		got := VaryNames(map[string][]string{"Vary": {field}})
		if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Errorf("varyOf(%q) = %q; want each name once, in order", field, got)
		}
		again := VaryNames(map[string][]string{"Vary": got})
		if !slices.Equal(got, again) {
			t.Errorf("varyOf(%q) = %q, read again %q", field, got, again)
		}
	})
}
