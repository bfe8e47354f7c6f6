package composer

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// timings measures the includes of a page, for the Server-Timing field.
type timings struct {
	mu   sync.Mutex
	list []*timing
}

type timing struct {
	name    string
	started time.Time
	took    time.Duration
	ended   bool
	note    string // "" if all went well
}

func (t *timings) begin(reference string) *timing {
	started := &timing{name: timingName(reference), started: time.Now()}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = append(t.list, started)
	return started
}

func (t *timings) end(ended *timing, note string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	ended.took, ended.ended, ended.note = time.Since(ended.started), true, note
}

// maxServerTiming bounds the field, in bytes: as a trailer it has to fit into
// the 4 KiB that clients such as Go's read ahead.
const maxServerTiming = 3 << 10

// String is the value of a Server-Timing field: every include with the
// milliseconds it took, or with a note that it is still pending, as far as
// they fit.
func (t *timings) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for i, one := range t.list {
		entry := one.String()
		if b.Len()+len(", ")+len(entry) > maxServerTiming {
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(entry)
	}
	return b.String()
}

func (t *timing) String() string {
	if !t.ended {
		return t.name + `;desc="pending"`
	}
	s := fmt.Sprintf("%s;dur=%.3f", t.name, float64(t.took.Microseconds())/1000)
	if t.note != "" {
		s += fmt.Sprintf(";desc=%q", t.note)
	}
	return s
}

// maxTimingName bounds a name in Server-Timing, and with it the field.
const maxTimingName = 64

// timingName makes a token of a reference: /fragments/cart/mini?x is
// cart-mini.
func timingName(reference string) string {
	path, _, _ := strings.Cut(strings.TrimPrefix(reference, Prefix), "?")
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_' {
			return r
		}
		return '-'
	}, path)
	if name = strings.Trim(name[:min(len(name), maxTimingName)], "-"); name == "" {
		return "include"
	}
	return name
}
