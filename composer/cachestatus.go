package composer

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Why a request went to the fragment (RFC 9211 §2.2).
const (
	forwardMiss  = "uri-miss"
	forwardVary  = "vary-miss"
	forwardStale = "stale"
	forwardAll   = "bypass"
)

// use says how the cache was used for a request.
type use struct {
	forward   string // empty: it was a hit
	status    int    // what the fragment answered, 0 if it did not or was not asked
	stored    bool
	collapsed bool // the request waited for another one's answer
	ttl, age  time.Duration
}

// hit is the use of a stored response.
func (s *stored) hit(now time.Time) use {
	return use{ttl: s.left(now), age: s.age(now)}
}

// String is a member of a Cache-Status field (RFC 9211 §2).
func (u use) String() string {
	var b strings.Builder
	b.WriteString(device)
	if u.forward == "" {
		fmt.Fprintf(&b, "; hit; ttl=%d", int64(u.ttl/time.Second))
		return b.String()
	}
	b.WriteString("; fwd=" + u.forward)
	if u.status != 0 {
		fmt.Fprintf(&b, "; fwd-status=%d", u.status)
	}
	if u.stored {
		b.WriteString("; stored")
	}
	if u.collapsed {
		b.WriteString("; collapsed")
	}
	return b.String()
}

// tell sets what a visitor learns of the use, after what the caches before us
// said in the fragment's answer (RFC 9211 §2, RFC 9111 §5.1).
func (u use) tell(visitor, answer http.Header) {
	visitor["Cache-Status"] = append(slices.Clone(answer["Cache-Status"]), u.String())
	if u.forward == "" {
		visitor.Set("Age", strconv.FormatInt(int64(u.age/time.Second), 10))
	}
}
