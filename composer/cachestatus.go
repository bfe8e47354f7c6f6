package composer

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"selvedge/composer/internal/header"
)

// Why a request went to the fragment (RFC 9211 §2.2).
const (
	forwardMiss    = "uri-miss"
	forwardVary    = "vary-miss"
	forwardStale   = "stale"
	forwardMethod  = "method"
	forwardRequest = "request"
	forwardAll     = "bypass"
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
	age := s.age(now)
	return use{ttl: s.leftAt(age), age: max(age, 0)}
}

// String is a member of a Cache-Status field (RFC 9211 §2).
func (u use) String() string { return string(u.append(make([]byte, 0, 64))) }

func (u use) append(b []byte) []byte {
	b = append(b, header.Device...)
	if u.forward == "" {
		return strconv.AppendInt(append(b, "; hit; ttl="...), int64(u.ttl/time.Second), 10)
	}
	b = append(append(b, "; fwd="...), u.forward...)
	if u.status != 0 {
		b = strconv.AppendInt(append(b, "; fwd-status="...), int64(u.status), 10)
	}
	if u.stored {
		b = append(b, "; stored"...)
	}
	if u.collapsed {
		b = append(b, "; collapsed"...)
	}
	return b
}

// tell sets what a visitor learns of the use, after what the caches before us
// said in the fragment's answer (RFC 9211 §2, RFC 9111 §5.1).
func (u use) tell(visitor, answer http.Header) {
	visitor["Cache-Status"] = append(slices.Clone(answer["Cache-Status"]), u.String())
	if u.forward == "" {
		visitor.Set("Age", strconv.FormatInt(int64(u.age/time.Second), 10))
	}
}

// appendPage appends what a visitor learns of the use of a page's template. The
// page itself is made each time.
func (u use) appendPage(b []byte, template *response) []byte {
	if before := template.header.Get("Cache-Status"); before != "" {
		b = append(append(b, before...), ", "...)
	}
	return u.append(b)
}
