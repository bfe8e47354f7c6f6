package page

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"selvedge/composer/registry"
)

// timings measures the includes of a page, for the Server-Timing field.
type timings struct {
	hits atomic.Int32 // stored includes
	mu   sync.Mutex
	list []timing // of all other includes
}

type timing struct {
	reference string
	started   time.Time
	took      time.Duration
	state     string // of the include; empty for a success
}

// timingPending is the state of an include that has not ended. The state of a failed
// include is its failureReason.
const timingPending = "pending"

// start records the start of an awaited include, and returns its index.
func (t *timings) start(reference string) int {
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

// took returns the time of an include that has ended.
func (t *timings) took(n int) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.list[n].took
}

// maxServerTiming limits the field, in bytes. As a trailer, the field has to fit into the
// 4 KiB that clients such as net/http read ahead.
const maxServerTiming = 3 << 10

// String returns the value of the Server-Timing field, up to its limit. The value has
//
//   - the number of stored includes,
//   - every other include, with its time in milliseconds, and with the reason of its
//     failure, or the note that it is pending.
func (t *timings) String() string { return string(t.append(nil)) }

func (t *timings) append(b []byte) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	start := len(b)
	if hits := t.hits.Load(); hits > 0 {
		b = strconv.AppendInt(append(b, "hits;desc="...), int64(hits), 10)
	}
	for i := range t.list {
		before := len(b)
		if before > start {
			b = append(b, ", "...)
		}
		if b = t.list[i].append(b); len(b)-start > maxServerTiming {
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

// timingReference returns the reference of an include for Server-Timing. The host is
// omitted unless Options.ShowHosts is set.
func (pr *pageRequest) timingReference(reference string) string {
	if pr.options.ShowHosts {
		return reference
	}
	scheme, rest, absolute := strings.Cut(reference, "//")
	if !absolute || strings.ContainsAny(scheme, "/?") { // a path, possibly with an address in its query
		return reference
	}
	return strings.TrimLeftFunc(rest, func(c rune) bool { return c != '/' && c != '?' })
}

// maxTimingName limits a name in Server-Timing, and thereby the field.
const maxTimingName = 64

// appendTimingName appends a token for a reference: cart-mini for /fragments/cart/mini?x.
func appendTimingName(b []byte, reference string) []byte {
	path, _, _ := strings.Cut(strings.TrimPrefix(reference, registry.Prefix), "?")
	path = path[:min(len(path), maxTimingName)]
	start := len(b)
	for i := range len(path) {
		c := path[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		switch {
		case letter || c == '.' || c == '_':
			b = append(b, c)
		case len(b) > start: // a name must not begin with a hyphen
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
