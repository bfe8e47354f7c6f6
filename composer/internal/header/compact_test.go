package header

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFieldsAreTheHeaderThatTheyWereMadeOf(t *testing.T) {
	tests := []struct {
		name         string
		header, want http.Header // want nil: the same
	}{
		{"none", http.Header{}, nil},
		{"common and other names", http.Header{"Etag": {`"1"`}, "X-Y": {"z"}}, nil},
		{"several values in their order", http.Header{"Cache-Control": {"b", "a"}, "X": {"2", "1", "2"}}, nil},
		{"an empty value", http.Header{"Etag": {""}, "X": {""}}, nil},
		{"a field without a value", http.Header{"Etag": {}, "X": nil}, http.Header{}},
		{"a value with colons and spaces", http.Header{"X": {" a: b "}}, nil},
		{"the name of a trailer", http.Header{http.TrailerPrefix + "X": {"y"}}, nil},
		{"a name that is not canonical", http.Header{"etag": {"x"}}, nil},
		{"lines in a value", http.Header{"X": {"a\r\nEtag: b"}}, http.Header{"X": {"a  Etag: b"}}},
		{"a line break of one byte", http.Header{"X": {"a\rb", "a\nb", "\n", "\r"}}, http.Header{"X": {"a b", "a b", " ", " "}}},
		{"lines in a name", http.Header{"X\nEtag": {"b"}}, http.Header{}},
		{"a name that looks like a common one", http.Header{"\x01": {"b"}, "": {"c"}}, http.Header{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == nil {
				want = test.header
			}
			got := NewCompact(test.header)
			if diff := cmp.Diff(want, got.Header()); diff != "" {
				t.Errorf("the fields of %q (-want +got):\n%s", test.header, diff)
			}
			for _, name := range []string{"Etag", "Cache-Control", "X", "Age"} {
				if diff := cmp.Diff(want[name], got.Values(name)); diff != "" {
					t.Errorf("the values of %s in %q (-want +got):\n%s", name, test.header, diff)
				}
				if value := got.Get(name); value != want.Get(name) {
					t.Errorf("get(%q) of %q = %q; want %q", name, test.header, value, want.Get(name))
				}
			}
			rest := want.Clone()
			rest.Del("Etag")
			if diff := cmp.Diff(rest, got.Without("Etag").Header()); diff != "" {
				t.Errorf("%q without Etag (-want +got):\n%s", test.header, diff)
			}
		})
	}
}

// FuzzFields holds that nothing in a header can bring in a field that is not
// there.
func FuzzFields(f *testing.F) {
	f.Add("Etag", `"1"`, "X", "y")
	f.Add("X", "a\n\x07b", "Y\n", "\x00")
	f.Add("\x07", "", "", "\r\n\n")
	f.Fuzz(func(t *testing.T, name, value, other, otherValue string) {
		h := http.Header{name: {value}}
		h[other] = append(h[other], otherValue)
		for found, values := range NewCompact(h).Header() {
			if len(values) != len(h[found]) {
				t.Errorf("%q has %s: %q", h, found, values)
			}
		}
	})
}
