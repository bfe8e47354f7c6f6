package hub

import (
	"net/http"
	"net/url"
	"strings"
)

// queryParameter returns the first value of a query parameter whose name is not
// escaped. It allocates no map of all parameters, because handshakes come by
// the thousands.
func queryParameter(r *http.Request, name string) string {
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key != name {
			continue
		}
		if value, err := url.QueryUnescape(value); err == nil {
			return value
		}
	}
	return ""
}

// headerListHas reports whether a header's comma-separated lists contain the
// token.
func headerListHas(header http.Header, name, token string) bool {
	for _, list := range header.Values(name) {
		for entry := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(entry), token) {
				return true
			}
		}
	}
	return false
}
