package hub

import (
	"runtime"
	"testing"
	"time"
)

func TestDefaults(t *testing.T) {
	o := Options{}.withDefaults(nil)
	for _, test := range []struct {
		name      string
		got, want any
	}{
		{"a ping every 25 s", o.Ping, 25 * time.Second},
		{"a pong within 10 s", o.Pong, 10 * time.Second},
		{"an end after 30 min without a sign of life", o.Idle, 30 * time.Minute},
		{"an end after 10 s in which nothing is read", o.Stall, 10 * time.Second},
		{"at most one round of writing in 20 ms", o.Tick, 20 * time.Millisecond},
		{"a writer for each processor", o.Workers, runtime.GOMAXPROCS(0)},
		{"no limit per session", o.PerSession, 0},
		{"no limit per address", o.PerAddress, 0},
		{"no limit of views", o.Views, 0},
		{"no limit of accepts", o.AcceptsPerSecond, 0},
		{"a pong before the next ping", Options{Ping: time.Second}.withDefaults(nil).Pong, time.Second / 2},
		{"no pings where there are to be none", Options{Ping: -1}.withDefaults(nil).Ping, time.Duration(-1)},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v; want %v", test.name, test.got, test.want)
		}
	}
	if other := (Options{}).withDefaults(nil); o.Epoch == "" || o.Epoch == other.Epoch {
		t.Errorf("epochs of two hubs: %q and %q; want two", o.Epoch, other.Epoch)
	}
}

// rendering is Pages that write page tokens themselves.
type rendering struct{ Pages }

func (rendering) Epoch() string { return "e" }

func TestTheEpochIsThatOfThePages(t *testing.T) {
	tests := []struct {
		name    string
		pages   Pages
		options Options
		want    string
	}{
		{"of pages that have one", rendering{}, Options{}, "e"},
		{"chosen", rendering{}, Options{Epoch: "o"}, "o"},
	}
	for _, test := range tests {
		if got := test.options.withDefaults(test.pages).Epoch; got != test.want {
			t.Errorf("%s: the epoch is %q; want %q", test.name, got, test.want)
		}
	}
	a, b := Options{}.withDefaults(nil).Epoch, Options{}.withDefaults(nil).Epoch
	if a == "" || a == b {
		t.Errorf("the epochs of pages that have none are %q and %q; want two", a, b)
	}
}
