package composer

import (
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

// sum is a hash of 64 bits, FNV-1a, that is the same in every process: an ETag
// which one of them made is known to the others.
type sum uint64

const (
	newSum   sum = 14695981039346656037
	sumPrime sum = 1099511628211
)

// addTo adds texts to a sum.
func addTo[T string | []byte](s sum, texts ...T) sum {
	for _, text := range texts {
		for i := range len(text) {
			s = (s ^ sum(text[i])) * sumPrime
		}
	}
	return s
}

// mark adds what comes next, so that things of different kinds never add up to
// the same.
func (s sum) mark(kind byte) sum { return (s ^ sum(kind)) * sumPrime }

func (s sum) number(n uint64) sum {
	for range 8 {
		s = (s ^ sum(n&0xff)) * sumPrime
		n >>= 8
	}
	return s
}

// appendETag appends the sum as an entity tag (RFC 9110 §8.8.3).
func (s sum) appendETag(b []byte, weak bool) []byte {
	var bytes [8]byte
	for i := range bytes {
		bytes[i] = byte(s >> (56 - 8*i))
	}
	if weak {
		b = append(b, "W/"...)
	}
	b = append(b, '"')
	b = hex.AppendEncode(b, bytes[:])
	return append(b, '"')
}

// notModified reports whether a GET or HEAD is answered with 304 instead of a
// page that has this ETag and this time of its last change, empty and zero if
// it has none (RFC 9110 §13.2.2). If-Modified-Since counts only without
// If-None-Match. It is for those who would answer with a 2xx (§13.2.1).
func notModified(request http.Header, etag string, modified time.Time) bool {
	if tags := request["If-None-Match"]; len(tags) > 0 {
		return matchesTag(tags, etag)
	}
	since := request["If-Modified-Since"]
	if len(since) != 1 || modified.IsZero() {
		return false
	}
	at, err := http.ParseTime(since[0])
	return err == nil && !modified.Truncate(time.Second).After(at)
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
