package cache

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"selvedge/composer/internal/header"
)

// The reasons for forwarding a request to its source (RFC 9211 §2.2).
const (
	FwdMiss    = "uri-miss"
	FwdVary    = "vary-miss"
	FwdStale   = "stale"
	FwdMethod  = "method"
	FwdRequest = "request"
	FwdBypass  = "bypass"
)

// Status describes the handling of a request by a cache (RFC 9211).
type Status struct {
	Fwd       string // one of the Fwd constants; empty for a hit
	FwdStatus int    // status of the source's response; 0 if absent
	Stored    bool
	Collapsed bool          // the request waited for the fetch of another request
	TTL, Age  time.Duration // of a hit
}

// IsHit reports whether a stored response was used.
func (s Status) IsHit() bool { return s.Fwd == "" }

// CacheStatus returns the status of a request answered with the stored response.
func (s *Stored) CacheStatus(now time.Time) Status {
	age := s.age(now)
	return Status{TTL: s.remainingAt(age), Age: max(age, 0)}
}

// String returns the member of a Cache-Status field (RFC 9211 §2).
func (s Status) String() string { return string(s.appendTo(make([]byte, 0, 64))) }

func (s Status) appendTo(b []byte) []byte {
	b = append(b, header.Device...)
	if s.IsHit() {
		return strconv.AppendInt(append(b, "; hit; ttl="...), int64(s.TTL/time.Second), 10)
	}
	b = append(append(b, "; fwd="...), s.Fwd...)
	if s.FwdStatus != 0 {
		b = strconv.AppendInt(append(b, "; fwd-status="...), int64(s.FwdStatus), 10)
	}
	if s.Stored {
		b = append(b, "; stored"...)
	}
	if s.Collapsed {
		b = append(b, "; collapsed"...)
	}
	return b
}

// SetFields sets Cache-Status, after the members of the caches between this cache and the
// source. If the response was stored, SetFields also sets Age (RFC 9211 §2, RFC 9111
// §5.1). response is the header of the response, and h is the header sent to the client.
func (s Status) SetFields(h, response http.Header) {
	h["Cache-Status"] = append(slices.Clone(response["Cache-Status"]), s.String())
	if s.IsHit() {
		h.Set("Age", strconv.FormatInt(int64(s.Age/time.Second), 10))
	}
}

// AppendField appends the value of Cache-Status for a page made of r.
func (s Status) AppendField(b []byte, r *Response) []byte {
	if before := r.Header.Get("Cache-Status"); before != "" {
		b = append(append(b, before...), ", "...)
	}
	return s.appendTo(b)
}
