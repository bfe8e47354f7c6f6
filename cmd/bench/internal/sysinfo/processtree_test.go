//go:build linux

package sysinfo

import (
	"os"
	"testing"
	"time"

	"selvedge/cmd/internal/footprint"
)

func TestParseStat(t *testing.T) {
	for _, test := range []struct {
		name, line string
		id         int
		want       stat
		ok         bool
	}{
		{"a process", "42 (nginx) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 5", 42, stat{7, 2 * time.Second}, true},
		{"a name with parentheses and spaces", "42 (a) b) R 9) S 7 42 42 0 -1 4194560 1 2 3 4 1 0 0 0", 42, stat{7, 10 * time.Millisecond}, true},
		{"nothing", "", 0, stat{}, false},
		{"no name", "42 S 7", 0, stat{}, false},
		{"too short", "42 (nginx) S 7 42", 0, stat{}, false},
		{"a time that is none", "42 (nginx) S 7 42 42 0 -1 4194560 1 2 3 4 x 50 0 0", 0, stat{}, false},
		{"a parent that is none", "42 (nginx) S x 42 42 0 -1 4194560 1 2 3 4 1 50 0 0", 0, stat{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			id, got, err := parseStat([]byte(test.line))
			if (err == nil) != test.ok || err == nil && (id != test.id || got != test.want) {
				t.Errorf("parseStat(%q) = %d, %v, %v; want %d, %v", test.line, id, got, err, test.id, test.want)
			}
		})
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("42 (nginx) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 5"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if id, s, err := parseStat(b); err != nil && (id != 0 || s != stat{}) {
			t.Errorf("parseStat(%q) = %d, %v with the error %v", b, id, s, err)
		}
	})
}

func TestAProcessTreeIsAllDescendants(t *testing.T) {
	all := map[int]stat{1: {0, time.Hour}, 10: {1, time.Second}, 11: {10, time.Minute}, 12: {11, time.Millisecond}, 20: {1, time.Hour}}
	if got, want := treeTime(all, 10), time.Minute+time.Second+time.Millisecond; got != want {
		t.Errorf("treeTime = %v; want %v", got, want)
	}
}

func TestTheTimeOfThisProcessIsKnown(t *testing.T) {
	used, err := ProcessTreeTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	after, err := footprint.ProcessorTime()
	if err != nil {
		t.Fatal(err)
	}
	if tick := 10 * time.Millisecond; used > after+tick {
		t.Errorf("ProcessTreeTime = %v; want no more than %v", used, after)
	}
}
