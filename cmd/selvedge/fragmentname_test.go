package main

import (
	"net/http"
	"strings"
	"testing"

	"selvedge/composer"
	"selvedge/fragments"
)

// TestKitAndComposerHaveOneRuleForNames holds that a fragment which its author can
// make is one that an operator can add, and the other way round.
func TestKitAndComposerHaveOneRuleForNames(t *testing.T) {
	tests := []struct {
		name string
		want bool
	}{
		{"cart", true},
		{"3d-viewer", true},
		{"a-", true},
		{"7", true},
		{strings.Repeat("a", 64), true},

		{"", false},
		{"-cart", false},
		{"Cart", false},
		{"cart_1", false},
		{"wagenkörbe", false},
		{strings.Repeat("a", 65), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, kit := fragments.New(fragments.Manifest{Name: test.name, Version: "1.0.0"})
			added := composer.NewRegistry().Add(test.name, "1.0.0", composer.Source{Handler: http.NotFoundHandler()})
			_, parsed := composer.ParseReference(composer.Prefix + test.name + "/")
			if (kit == nil) != test.want || (added == nil) != test.want || (parsed == nil) != test.want {
				t.Errorf("%q: the kit says %v, the registry %v, and a reference %v; want it valid: %t", test.name, kit, added, parsed, test.want)
			}
		})
	}
}
