package composer

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// timings measures the includes of a page, for the Server-Timing field.
type timings struct {
	hits atomic.Int32 // includes that were there at once
	mu   sync.Mutex
	list []timing // of the others
}

type timing struct {
	reference string
	started   time.Time
	took      time.Duration
	state     string // of the include; empty if it came
}

// The states of an include in Server-Timing.
const (
	timingPending = "pending"
	timingFailed  = "failed"
)

// begin notes an include that is waited for, and returns its number.
func (t *timings) begin(reference string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = append(t.list, timing{reference: reference, started: time.Now(), state: timingPending})
	return len(t.list) - 1
}

func (t *timings) end(n int, state string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list[n].took, t.list[n].state = time.Since(t.list[n].started), state
}

// maxServerTiming bounds the field, in bytes: as a trailer it has to fit into
// the 4 KiB that clients such as Go's read ahead.
const maxServerTiming = 3 << 10

// String is the value of a Server-Timing field: how many includes were there at
// once, and every other one with the milliseconds it took, or with a note that it
// is still pending, as far as they fit.
func (t *timings) String() string { return string(t.append(nil)) }

func (t *timings) append(b []byte) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	begin := len(b)
	if hits := t.hits.Load(); hits > 0 {
		b = strconv.AppendInt(append(b, "hits;desc="...), int64(hits), 10)
	}
	for i := range t.list {
		before := len(b)
		if before > begin {
			b = append(b, ", "...)
		}
		if b = t.list[i].append(b); len(b)-begin > maxServerTiming {
			return b[:before]
		}
	}
	return b
}

func (t *timing) append(b []byte) []byte {
	b = appendTimingName(b, t.reference)
	if t.state != timingPending {
		b = append(b, ";dur="...)
		b = strconv.AppendFloat(b, float64(t.took.Microseconds())/1000, 'f', 3, 64)
	}
	if t.state != "" {
		b = append(b, `;desc="`...)
		b = append(append(b, t.state...), '"')
	}
	return b
}

// timingReference is the reference of an include as Server-Timing names it.
func (v *visit) timingReference(reference string) string {
	if v.options.ShowHosts {
		return reference
	}
	scheme, rest, absolute := strings.Cut(reference, "//")
	if !absolute || strings.ContainsAny(scheme, "/?") { // a path, which may have an address in its query
		return reference
	}
	return strings.TrimLeftFunc(rest, func(c rune) bool { return c != '/' && c != '?' })
}

// maxTimingName bounds a name in Server-Timing, and with it the field.
const maxTimingName = 64

// appendTimingName appends a token for a reference: /fragments/cart/mini?x is
// cart-mini.
func appendTimingName(b []byte, reference string) []byte {
	path, _, _ := strings.Cut(strings.TrimPrefix(reference, Prefix), "?")
	path = path[:min(len(path), maxTimingName)]
	start := len(b)
	for i := range len(path) {
		c := path[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		switch {
		case letter || c == '.' || c == '_':
			b = append(b, c)
		case len(b) > start: // no name begins with a hyphen
			b = append(b, '-')
		}
	}
	for len(b) > start && b[len(b)-1] == '-' {
		b = b[:len(b)-1]
	}
	if len(b) == start {
		return append(b, "include"...)
	}
	return b
}
