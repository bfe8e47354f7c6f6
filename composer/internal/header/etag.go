package header

import (
	"cmp"
	"math/bits"
	"net/http"
	"strings"
	"time"
)

// ValidatorHash is a hash of 64 bits that is the same in every process, so that an ETag
// which one of them made is known to the others. It is no secret, and nobody
// gains by a collision: all that goes into it belongs to one site, or to the
// visitor who asks.
type ValidatorHash uint64

// EmptyHash is the sum of nothing.
const EmptyHash ValidatorHash = 0x9e3779b97f4a7c15

// sumFactor may be any odd number with many bits.
const sumFactor = 0xa0761d6478bd642f

// AddNumber adds a number, by the multiplication with 128 bits that is folded to
// 64 in wyhash.
func (s ValidatorHash) AddNumber(n uint64) ValidatorHash {
	high, low := bits.Mul64(uint64(s)^n, sumFactor)
	return ValidatorHash(high ^ low ^ n)
}

// AddText adds a text, and where it ends. Words take turns in two sums, since each
// number waits for the one before it.
func AddText[T string | []byte](s ValidatorHash, text T) ValidatorHash {
	size := uint64(len(text))
	if len(text) >= 16 {
		other := EmptyHash
		for ; len(text) >= 16; text = text[16:] {
			s, other = s.AddNumber(word(text)), other.AddNumber(word(text[8:]))
		}
		s = s.AddNumber(uint64(other))
	}
	if len(text) >= 8 {
		s, text = s.AddNumber(word(text)), text[8:]
	}
	var rest uint64
	for i := range len(text) {
		rest = rest<<8 | uint64(text[i])
	}
	return s.AddNumber(rest).AddNumber(size)
}

// word is the number that the first eight bytes of a text are.
func word[T string | []byte](text T) uint64 {
	_ = text[7]
	return uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
}

// AppendETag appends the sum as an entity tag (RFC 9110 §8.8.3).
func (s ValidatorHash) AppendETag(b []byte, weak bool) []byte {
	const digits = "0123456789abcdef"
	if weak {
		b = append(b, "W/"...)
	}
	b = append(b, '"')
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[s>>shift&15])
	}
	return append(b, '"')
}

// NotModified reports whether a GET or HEAD is answered with 304 instead of a
// page that has this ETag and this time of its last change, empty and zero if
// it has none (RFC 9110 §13.2.2). If-Modified-Since counts only without
// If-None-Match. It is for those who would answer with a 2xx (§13.2.1).
func NotModified(request http.Header, etag string, modified time.Time) bool {
	if tags := request["If-None-Match"]; len(tags) > 0 {
		return matchesTag(tags, etag)
	}
	since := request["If-Modified-Since"]
	if len(since) != 1 || modified.IsZero() {
		return false
	}
	at, ok := ParseDate(since[0])
	return ok && !modified.Truncate(time.Second).After(at)
}

// matchesTag reports whether an ETag is in If-None-Match, compared weakly
// (RFC 9110 §8.8.3.2). What stands behind something broken is not read.
func matchesTag(lines []string, etag string) bool {
	opaque := strings.TrimPrefix(etag, "W/")
	for _, line := range lines {
		if strings.TrimSpace(line) == "*" {
			return true
		}
		for {
			line = strings.TrimLeft(line, " \t,")
			tag, rest, ok := cutTag(strings.TrimPrefix(line, "W/"))
			if !ok {
				break
			}
			if tag == opaque {
				return true
			}
			line = rest
		}
	}
	return false
}

// cutTag cuts the opaque tag, with its quotes, off the begin of a list. A tag
// may have commas in it, and no escapes.
func cutTag(list string) (tag, rest string, ok bool) {
	if !strings.HasPrefix(list, `"`) {
		return "", "", false
	}
	end := strings.IndexByte(list[1:], '"')
	if end < 0 {
		return "", "", false
	}
	tag, rest = list[:end+2], list[end+2:]
	next := strings.TrimLeft(rest, " \t")
	return tag, rest, next == "" || next[0] == ','
}

// HasCurrent reports whether a request has the response already: whether its
// preconditions, as far as a cache may evaluate them, are false (RFC 9111
// §4.3.2). A response without Last-Modified has changed at its Date.
func HasCurrent(request http.Header, answer Compact) bool {
	changed, _ := ParseDate(cmp.Or(answer.Get("Last-Modified"), answer.Get("Date")))
	return NotModified(request, answer.Get("Etag"), changed)
}
