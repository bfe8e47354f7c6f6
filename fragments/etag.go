package fragments

import "strings"

// matchesETag reports whether If-None-Match lists the tag, by the weak comparison (RFC
// 9110 §8.8.3.2). The rest of a list after a malformed tag is ignored.
func matchesETag(lines []string, etag string) bool {
	etag = strings.TrimPrefix(etag, "W/")
	for _, list := range lines {
		if strings.TrimSpace(list) == "*" {
			return true
		}
		for list != "" {
			var tag string
			tag, list = nextETag(list)
			if tag != "" && tag == etag {
				return true
			}
		}
	}
	return false
}

// nextETag returns the first tag of a list, with quotes but without "W/", and
// the rest of the list, which is empty after the last tag and after an error.
func nextETag(list string) (tag, rest string) {
	list = strings.TrimLeft(list, " \t,")
	list = strings.TrimPrefix(list, "W/")
	if !strings.HasPrefix(list, `"`) {
		return "", ""
	}
	end := strings.IndexByte(list[1:], '"')
	if end < 0 {
		return "", ""
	}
	return list[:end+2], list[end+2:]
}
