package header

import (
	"net/http"
	"testing"
	"time"
)

func TestInitialAge(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name, age, date string
		took, want      time.Duration
	}{
		{"nothing is known", "", "", time.Second, time.Second},
		{"Age and the time of the request (RFC 9111 §4.2.3)", "5", "", time.Second, 6 * time.Second},
		{"an old Date (§4.2.3)", "5", now.Add(-time.Minute).Format(http.TimeFormat), 0, time.Minute},
		{"a Date in the future (§4.2.3)", "", now.Add(time.Minute).Format(http.TimeFormat), 0, 0},
		{"the first of a list (§5.1)", "5, 9", "", 0, 5 * time.Second},
		{"an Age beyond all (§1.2.2)", "99999999999", "", 0, time.Duration(MaxSeconds) * time.Second},
		{"parameters", "5;a=b", "", 0, 5 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := http.Header{"Age": {test.age}, "Date": {test.date}}
			if got := InitialAge(h, now.Add(-test.took), now); got != test.want {
				t.Errorf("InitialAge(%q, %q) = %v; want %v", test.age, test.date, got, test.want)
			}
		})
	}
}
