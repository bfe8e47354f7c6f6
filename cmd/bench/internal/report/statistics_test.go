package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestQuantile(t *testing.T) {
	hundred := make([]int, 100)
	for i := range hundred {
		hundred[i] = 100 - i
	}
	for _, test := range []struct {
		name   string
		values []int
		q      float64
		want   int
	}{
		{"of nothing is zero", nil, 0.5, 0},
		{"of one value is that value", []int{7}, 0.99, 7},
		{"a half is the middle one", []int{9, 1, 5}, 0.5, 5},
		{"a half of an even number is the lower of the middle two", []int{4, 1, 3, 2}, 0.5, 2},
		{"the whole is the largest", []int{3, 9, 1}, 1, 9},
		{"none is the smallest", []int{3, 9, 1}, 0, 1},
		{"99 of 100 do not exceed the 99th", hundred, 0.99, 99},
		{"values need no order", hundred, 0.5, 50},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Quantile(test.values, test.q); got != test.want {
				t.Errorf("quantile(%v, %v) = %v; want %v", test.values, test.q, got, test.want)
			}
		})
	}
}

func TestQuantileLeavesTheOrderOfItsValues(t *testing.T) {
	values := []int{3, 1, 2}
	Quantile(values, 0.5)
	if diff := cmp.Diff([]int{3, 1, 2}, values); diff != "" {
		t.Errorf("values afterwards (-want +got):\n%s", diff)
	}
}

func TestSpreadOf(t *testing.T) {
	var times []time.Duration
	for i := range 1000 {
		times = append(times, time.Duration(i+1)*time.Millisecond)
	}
	want := Spread{500 * time.Millisecond, 990 * time.Millisecond, time.Second}
	if got := SpreadOf(times); got != want {
		t.Errorf("spreadOf(1 ms to 1000 ms) = %v; want %v", got, want)
	}
}

func TestPlausible(t *testing.T) {
	for _, test := range []struct {
		name     string
		count    int
		expected float64
		want     bool
	}{
		{"as expected", 5000, 5000, true},
		{"within what chance explains", 4800, 5000, true},
		{"no pings at all", 0, 5000, false},
		{"twice as many", 10000, 5000, false},
		{"none of few", 0, 0.4, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Plausible(test.count, test.expected); got != test.want {
				t.Errorf("plausible(%d, %v) = %v; want %v", test.count, test.expected, got, test.want)
			}
		})
	}
}

func TestRatiosAreThoseOfTheSameRound(t *testing.T) {
	for _, test := range []struct {
		name       string
		values, by []float64
		want       []float64
	}{
		{"round by round", []float64{10, 30, 8}, []float64{5, 10, 4}, []float64{2, 3, 2}},
		{"of nothing", nil, []float64{1}, nil},
		{"of a round that one was not measured in", []float64{10, 30}, []float64{5}, []float64{2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Ratios(test.values, test.by)); diff != "" {
				t.Errorf("ratios(%v, %v) (-want +got):\n%s", test.values, test.by, diff)
			}
		})
	}
}
