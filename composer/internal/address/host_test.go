package address

import (
	"testing"
)

func TestNormalHost(t *testing.T) {
	tests := []struct{ host, scheme, want string }{
		{"", "http", ""},
		{".", "http", ""},
		{"example.com", "http", "example.com"},
		{"a-b_c.1~", "http", "a-b_c.1~"},
		{"@[`{", "http", "@[`{"}, // beside the letters
		{"AZaz09", "http", "azaz09"},
		{"exampleZ", "http", "examplez"},
		{"Example", "http", "example"},
		{"example.com.", "http", "example.com"},
		{"example.com:", "http", "example.com"},
		{"example.com:80", "http", "example.com"},
		{"example.com:80", "https", "example.com:80"},
		{"example.com.:443", "https", "example.com"},
		{"[::1]", "http", "[::1]"},
		{"[::A]:80", "http", "[::a]"},
		{"MÜNCHEN.de", "http", "münchen.de"},
		{"mÜnchen", "http", "münchen"},
		{"\u212a.de", "http", "k.de"}, // the Kelvin sign
	}
	for _, test := range tests {
		if got := NormalHost(test.host, test.scheme); got != test.want {
			t.Errorf("NormalHost(%q, %q) = %q, want %q", test.host, test.scheme, got, test.want)
		}
	}
}
