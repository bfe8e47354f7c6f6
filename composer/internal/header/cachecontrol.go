package header

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

// CacheControl holds the directives of a response's Cache-Control field (RFC 9111
// §5.2.2 and RFC 5861), or of a field in its place, such as a targeted field. A
// missing directive is false or Absent.
type CacheControl struct {
	Public, Private, NoStore, NoCache bool
	MustRevalidate, MustUnderstand    bool
	Immutable, NoTransform            bool

	MaxAge, SharedMaxAge               Seconds
	StaleWhileRevalidate, StaleIfError Seconds
}

func noDirectives() CacheControl {
	return CacheControl{MaxAge: Absent, SharedMaxAge: Absent, StaleWhileRevalidate: Absent, StaleIfError: Absent}
}

// ParseCacheControl reads the lines of a response's Cache-Control field.
//
//   - An unknown or malformed directive is ignored.
//   - A lifetime that is invalid, or given twice with different values, is 0, so that
//     the response is stale (RFC 9111 §4.2.1).
//   - A directive limited to some header fields holds for the whole response (§5.2.2.4
//     and §5.2.2.7).
func ParseCacheControl(lines []string) CacheControl {
	d := noDirectives()
	for _, line := range lines {
		for line = skipEmpty(line); line != ""; line = skipEmpty(line) {
			var directive string
			directive, line = CutElement(line, ',')
			name, value, _ := strings.Cut(directive, "=")
			d.set(strings.ToLower(strings.TrimSpace(name)), Unquote(strings.TrimSpace(value)))
		}
	}
	return d
}

// EffectiveCacheControl returns the directives for the composer: from the first
// targeted field with directives, or else of Cache-Control (RFC 9213 §2.2). The order
// is Selvedge-Cache-Control, Surrogate-Control, CDN-Cache-Control. targeted reports
// whether the directives are from a targeted field.
func EffectiveCacheControl(h http.Header) (d CacheControl, targeted bool) {
	if d, ok := parseTargeted(h[SelvedgeCacheControl]); ok {
		return d, true
	}
	if d, ok := parseSurrogateControl(h[SurrogateControl]); ok {
		return d, true
	}
	if d, ok := parseTargeted(h[CDNCacheControl]); ok {
		return d, true
	}
	return ParseCacheControl(h["Cache-Control"]), false
}

// IsTargeted reports whether a response field, in canonical form, has directives for some
// caches in place of Cache-Control: CDN-Cache-Control, the field of a vendor with a name of
// that kind, or an older field of nginx or Akamai.
func IsTargeted(name string) bool {
	return strings.HasSuffix(name, "-Cache-Control") || name == "X-Accel-Expires" || name == "Edge-Control"
}

// maxTargeted bounds the length of a targeted field, in bytes. Parsing a structured
// field of 60 KB takes about 10 ms.
const maxTargeted = 16 << 10

// parseTargeted reads a targeted field (RFC 9213 §2.1). It is not ok, and the field is
// ignored, if the field is absent, empty, malformed or longer than maxTargeted.
func parseTargeted(lines []string) (d CacheControl, ok bool) {
	if len(lines) == 0 || totalLength(lines) > maxTargeted {
		return d, false
	}
	dictionary, err := httpsfv.UnmarshalDictionary(lines)
	if err != nil || len(dictionary.Names()) == 0 {
		return d, false
	}
	d = noDirectives()
	for _, name := range dictionary.Names() {
		member, _ := dictionary.Get(name)
		item, _ := member.(httpsfv.Item)
		switch value := item.Value.(type) {
		case bool:
			if value {
				d.set(name, "")
			}
		case int64:
			d.set(name, strconv.FormatInt(value, 10))
		default:
			d.set(name, "")
		}
	}
	return d, true
}

func (d *CacheControl) set(name, value string) {
	switch name {
	case "max-age":
		setLifetime(&d.MaxAge, value)
	case "s-maxage":
		setLifetime(&d.SharedMaxAge, value)
	case "stale-while-revalidate":
		setLifetime(&d.StaleWhileRevalidate, value)
	case "stale-if-error":
		setLifetime(&d.StaleIfError, value)
	default:
		d.setFlag(name)
	}
}

func (d *CacheControl) setFlag(name string) {
	switch name {
	case "public":
		d.Public = true
	case "private":
		d.Private = true
	case "no-store":
		d.NoStore = true
	case "no-cache":
		d.NoCache = true
	case "must-revalidate", "proxy-revalidate":
		d.MustRevalidate = true
	case "must-understand":
		d.MustUnderstand = true
	case "immutable":
		d.Immutable = true
	case "no-transform":
		d.NoTransform = true
	}
}

func setLifetime(d *Seconds, value string) {
	n := ParseSeconds(value)
	if n == Absent || *d != Absent && *d != n {
		n = 0
	}
	*d = n
}

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
