package header

import (
	"cmp"
	"net/http"
	"strings"
	"time"
)

// NotModified reports whether a GET or HEAD gets 304 instead of a page with the given
// ETag and time of modification; without them they are "" and the zero Time (RFC 9110
// §13.2.2). If-Modified-Since counts only without If-None-Match. It is for requests
// whose response would otherwise be a 2xx (§13.2.1).
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

// ClientHasCurrent reports whether the client has the response already, which is the case if
// the preconditions that a cache may evaluate are false (RFC 9111 §4.3.2). The Date of
// a response stands in for a missing Last-Modified.
func ClientHasCurrent(request http.Header, answer Compact) bool {
	changed, _ := ParseDate(cmp.Or(answer.Get("Last-Modified"), answer.Get("Date")))
	return NotModified(request, answer.Get("Etag"), changed)
}

// HasValidator reports whether a response has an ETag or a Last-Modified, and so can
// be revalidated (RFC 9111 §4.3.1).
func HasValidator(h http.Header) bool {
	return len(h["Etag"]) > 0 || len(h["Last-Modified"]) > 0
}

// matchesTag reports whether If-None-Match has an ETag, by the weak comparison (RFC
// 9110 §8.8.3.2). The rest of a line after a syntax error is ignored.
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

// cutTag cuts the first entity tag off a list, with its quotes and without W/. A tag
// may contain commas, but no escapes.
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
