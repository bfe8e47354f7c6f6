package suggest

import "testing"

func TestName(t *testing.T) {
	names := []string{"include", "inline", "SELVEDGE_STYLES", "src", "alt", "A"}
	tests := []struct{ name, given, want string }{
		{"two letters swapped", "inculde", "include"},
		{"a letter too many", "iinline", "inline"},
		{"a letter missing", "SELVEDGE_STYLE", "SELVEDGE_STYLES"},
		{"a short name", "scr", "src"},
		{"nothing similar", "timeout", ""},
		{"another letter", "X", ""},
		{"no name", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Name(test.given, names); got != test.want {
				t.Errorf("Name(%q) = %q; want %q", test.given, got, test.want)
			}
		})
	}
}
