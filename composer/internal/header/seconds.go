package header

import (
	"strconv"
	"strings"
	"time"
)

// Seconds is the time of a directive. A negative time is Absent.
type Seconds int32

const (
	// Absent is the time of a directive that a field does not have.
	Absent Seconds = -1
	// MaxSeconds is the largest time; greater numbers are cut to it (RFC 9111 §1.2.2).
	MaxSeconds Seconds = 1<<31 - 1
)

// ParseSeconds returns the number in s, cut to MaxSeconds, or Absent if s has anything
// but digits or is empty.
func ParseSeconds(s string) Seconds {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return Absent
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > int64(MaxSeconds) {
		return MaxSeconds
	}
	return Seconds(n)
}

// WholeSeconds rounds d down to whole seconds, at most MaxSeconds.
func WholeSeconds(d time.Duration) Seconds {
	return Seconds(min(d/time.Second, time.Duration(MaxSeconds)))
}

// Duration returns the time, 0 if absent.
func (s Seconds) Duration() time.Duration {
	return time.Duration(max(s, 0)) * time.Second
}
