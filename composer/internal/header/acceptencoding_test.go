package header

import (
	"net/http"
	"strings"
	"testing"
)

func TestAcceptsGzip(t *testing.T) {
	tests := []struct {
		name, fields string // by line
		want         bool
	}{
		{"an empty field is for no coding", "", false},
		{"gzip", "gzip", true},
		{"its other name", "x-gzip", true},
		{"in any case of letters", "GZip", true},
		{"a browser's list", "gzip, deflate, br, zstd", true},
		{"the last of a list", "br;q=1.0,deflate ; q=0.5 , gzip", true},
		{"on another line", "br\ndeflate, gzip", true},
		{"only others", "br, zstd", false},
		{"a longer name", "gzipped", false},
		{"any", "*", true},
		{"any other", "br, *;q=0.1", true},
		{"any but gzip", "gzip;q=0, *", false},
		{"none but gzip", "gzip, *;q=0", true},
		{"none", "*;q=0", false},
		{"a weight of 0", "gzip;q=0", false},
		{"a weight of 0 in full", "gzip;q=0.000", false},
		{"the least weight", "gzip;q=0.001", true},
		{"a capital Q", "gzip;Q=0.5", true},
		{"a weight of 1 in full", "gzip;q=1.000", true},
		{"a point and no fraction", "gzip;q=1.", true},
		{"white space around a weight", "gzip ; q=0.5 ", true},
		{"identity has no weight of its own", "gzip;q=0.1, br", true},
		{"identity is preferred", "gzip;q=0.5, identity", false},
		{"identity is preferred, by a thousandth", "identity;q=0.501, gzip;q=0.5", false},
		{"identity is as good", "identity;q=0.5, gzip;q=0.5", true},
		{"identity is preferred to any other", "identity, *;q=0.5", false},
		{"identity is refused", "identity;q=0, *", true},
		{"identity is refused, and gzip is not named", "identity;q=0, br", false},
		{"only identity", "identity", false},
		{"the least of two weights", "gzip, gzip;q=0", false},
		{"the least of two names' weights", "x-gzip;q=0\ngzip", false},
		{"more than 1", "gzip;q=1.001", false},
		{"much more than 1", "gzip;q=10", false},
		{"more than 1, and any other", "gzip;q=1.5, *", false},
		{"a negative weight", "gzip;q=-1", false},
		{"four digits", "gzip;q=0.1234", false},
		{"no digits", "gzip;q=0.x", false},
		{"no number", "gzip;q=", false},
		{"a sign in the fraction", "gzip;q=0.+1", false},
		{"no weight", "gzip;", true},
		{"another parameter", "gzip;level=1", false},
		{"a parameter after the weight", "gzip;q=1;x", false},
		{"empty elements", ", ,gzip,", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := http.Header{"Accept-Encoding": strings.Split(test.fields, "\n")}
			if got := AcceptsGzip(h); got != test.want {
				t.Errorf("acceptsGzip(%q) = %v; want %v", test.fields, got, test.want)
			}
		})
	}
	if AcceptsGzip(http.Header{}) {
		t.Error("acceptsGzip without the field = true; want false")
	}
}

// FuzzAcceptsGzip holds that lines are a list, that a refusal counts wherever
// it stands, and that gzip is not used unless it is meant.
func FuzzAcceptsGzip(f *testing.F) {
	for _, seed := range []string{"", "gzip", "*;q=0.5, br", "identity;q=0,*", "gzip;q=1.0000", ";q=,;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		got := AcceptsGzip(http.Header{"Accept-Encoding": {field}})
		if again := AcceptsGzip(http.Header{"Accept-Encoding": strings.Split(field, ",")}); again != got {
			t.Errorf("acceptsGzip(%q) = %v; in lines it is %v", field, got, again)
		}
		if AcceptsGzip(http.Header{"Accept-Encoding": {field, "gzip;q=0"}}) {
			t.Errorf("acceptsGzip(%q) and gzip;q=0 = true; want false", field)
		}
		if got && !strings.Contains(strings.ToLower(field), "gzip") && !strings.Contains(field, "*") {
			t.Errorf("acceptsGzip(%q) = true; want false", field)
		}
	})
}

func BenchmarkAcceptsGzip(b *testing.B) {
	h := http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}}
	b.ReportAllocs()
	for b.Loop() {
		AcceptsGzip(h)
	}
}
