package composer

import (
	"strconv"
	"strings"

	"github.com/dunglas/httpsfv"
)

// seconds is a time that a directive gives.
type seconds int32

const (
	// absent is the time of a directive that is not there.
	absent seconds = -1
	// maxSeconds stands for every greater number (RFC 9111 §1.2.2).
	maxSeconds seconds = 1<<31 - 1
)

// directives are those of a Cache-Control field in a response (RFC 9111 §5.2.2
// and RFC 5861), or of a field that stands in its place. Those that are not
// there are false or absent.
type directives struct {
	public, private, noStore, noCache bool
	mustRevalidate, mustUnderstand    bool
	immutable, noTransform            bool

	maxAge, sharedMaxAge               seconds
	staleWhileRevalidate, staleIfError seconds
}

func noDirectives() directives {
	return directives{maxAge: absent, sharedMaxAge: absent, staleWhileRevalidate: absent, staleIfError: absent}
}

// parseCacheControl reads a Cache-Control field in a response. What it does
// not understand says nothing, except for a lifetime: one that is invalid, or
// given twice and differently, is none, so that the response is stale (RFC
// 9111 §4.2.1). A directive that is limited to some header fields counts for
// the whole response (§5.2.2.4 and §5.2.2.7).
func parseCacheControl(lines []string) directives {
	d := noDirectives()
	for _, line := range lines {
		for line = skipEmpty(line); line != ""; line = skipEmpty(line) {
			var directive string
			directive, line = cutElement(line, ',')
			name, value, _ := strings.Cut(directive, "=")
			d.set(strings.ToLower(strings.TrimSpace(name)), unquote(strings.TrimSpace(value)))
		}
	}
	return d
}

// skipEmpty returns a list from its first element on that is not empty (RFC 9110
// §5.6.1.2).
func skipEmpty(list string) string { return strings.TrimLeft(list, ", \t") }

func (d *directives) set(name, value string) {
	switch name {
	case "max-age":
		setLifetime(&d.maxAge, value)
	case "s-maxage":
		setLifetime(&d.sharedMaxAge, value)
	case "stale-while-revalidate":
		setLifetime(&d.staleWhileRevalidate, value)
	case "stale-if-error":
		setLifetime(&d.staleIfError, value)
	default:
		d.setFlag(name)
	}
}

func (d *directives) setFlag(name string) {
	switch name {
	case "public":
		d.public = true
	case "private":
		d.private = true
	case "no-store":
		d.noStore = true
	case "no-cache":
		d.noCache = true
	case "must-revalidate", "proxy-revalidate":
		d.mustRevalidate = true
	case "must-understand":
		d.mustUnderstand = true
	case "immutable":
		d.immutable = true
	case "no-transform":
		d.noTransform = true
	}
}

func setLifetime(d *seconds, value string) {
	n := parseSeconds(value)
	if n == absent || *d != absent && *d != n {
		n = 0
	}
	*d = n
}

// parseSeconds returns the number that s is, and absent if it is none.
func parseSeconds(s string) seconds {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return absent
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > int64(maxSeconds) {
		return maxSeconds
	}
	return seconds(n)
}

// maxTargeted bounds the length of a targeted field in bytes. A structured field
// of 60 KB takes some 10 ms to parse.
const maxTargeted = 16 << 10

// parseTargeted reads a targeted field (RFC 9213 §2.1). It is not ok if the
// field is not there, empty, broken or too long, and then says nothing.
func parseTargeted(lines []string) (d directives, ok bool) {
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

// cutElement cuts a list at its first separator outside a quoted string
// (RFC 9110 §5.6.4). A string without an end reaches to the end of the list.
func cutElement(list string, separator byte) (element, rest string) {
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

// unquote returns what a quoted string stands for, and any other text as it
// is.
func unquote(s string) string {
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
