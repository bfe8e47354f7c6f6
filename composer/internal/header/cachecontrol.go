package header

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

// Seconds is a time that a directive gives.
type Seconds int32

const (
	// Absent is the time of a directive that is not there.
	Absent Seconds = -1
	// MaxSeconds stands for every greater number (RFC 9111 §1.2.2).
	MaxSeconds Seconds = 1<<31 - 1
)

// CacheControl are those of a Cache-Control field in a response (RFC 9111 §5.2.2
// and RFC 5861), or of a field that stands in its place. Those that are not
// there are false or absent.
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

// ParseCacheControl reads a Cache-Control field in a response. What it does
// not understand says nothing, except for a lifetime: one that is invalid, or
// given twice and differently, is none, so that the response is stale (RFC
// 9111 §4.2.1). A directive that is limited to some header fields counts for
// the whole response (§5.2.2.4 and §5.2.2.7).
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

// skipEmpty returns a list from its first element on that is not empty (RFC 9110
// §5.6.1.2).
func skipEmpty(list string) string { return strings.TrimLeft(list, ", \t") }

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

// ParseSeconds returns the number that s is, and absent if it is none.
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

// maxTargeted bounds the length of a targeted field in bytes. A structured field
// of 60 KB takes some 10 ms to parse.
const maxTargeted = 16 << 10

// parseTargeted reads a targeted field (RFC 9213 §2.1). It is not ok if the
// field is not there, empty, broken or too long, and then says nothing.
func parseTargeted(lines []string) (d CacheControl, ok bool) {
	if len(lines) == 0 || lengthOf(lines) > maxTargeted {
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

// CutElement cuts a list at its first separator outside a quoted string
// (RFC 9110 §5.6.4). A string without an end reaches to the end of the list.
func CutElement(list string, separator byte) (element, rest string) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}

// Unquote returns what a quoted string stands for, and any other text as it
// is.
func Unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func lengthOf(lines []string) (n int) {
	for _, line := range lines {
		n += len(line)
	}
	return n
}

// EffectiveCacheControl returns the directives that hold for us: of the first targeted
// field that has any, and otherwise of Cache-Control (RFC 9213 §2.2).
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

func (s Seconds) Duration() time.Duration {
	return time.Duration(max(s, 0)) * time.Second
}

// WholeSeconds returns a time in whole seconds.
func WholeSeconds(d time.Duration) Seconds {
	return Seconds(min(d/time.Second, time.Duration(MaxSeconds)))
}
