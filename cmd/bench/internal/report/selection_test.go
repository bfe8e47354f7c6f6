package report

import (
	"slices"
	"testing"
)

func TestASelectionHasKnownSections(t *testing.T) {
	sections := []string{"memory", "idle"}
	for _, test := range []struct {
		name    string
		s       Selection
		has     bool
		unknown string
	}{
		{"all", Selection{"idle", "memory"}, true, ""},
		{"some", Selection{"memory"}, false, ""},
		{"none", nil, false, ""},
		{"an unknown one", Selection{"idle", "speed"}, true, "speed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.s.Has("idle"); got != test.has {
				t.Errorf("Has(%q) = %v; want %v", "idle", got, test.has)
			}
			if got, ok := test.s.Unknown(sections); got != test.unknown || ok != (test.unknown != "") {
				t.Errorf("Unknown = %q, %v; want %q", got, ok, test.unknown)
			}
		})
	}
}

func TestASelectionKeepsTheOrderOfTheSections(t *testing.T) {
	linesOf := map[string]func() []Line{
		"memory": func() []Line { return []Line{{"bytes"}, {"pages"}} },
		"idle":   func() []Line { return []Line{{"processor"}} },
		"speed":  func() []Line { t.Error("the lines of a section were made that is not selected"); return nil },
	}
	got := Selection{"idle", "memory"}.Lines([]string{"memory", "speed", "idle"}, linesOf)
	if want := []Line{{"bytes"}, {"pages"}, {"processor"}}; !slices.Equal(got, want) {
		t.Errorf("Lines = %q; want %q", got, want)
	}
}
