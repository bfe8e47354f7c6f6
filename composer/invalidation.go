package composer

import (
	"net/http"

	"github.com/dunglas/httpsfv"
)

// groups reads a field that is a list of groups (RFC 9875 §2 and §3). What
// does not parse says nothing (RFC 9651 §4.2).
func groups(h http.Header, field string) []string {
	lines := h.Values(field)
	if len(lines) == 0 {
		return nil
	}
	list, err := httpsfv.UnmarshalList(lines)
	if err != nil {
		return nil
	}
	var names []string
	for _, member := range list {
		if item, ok := member.(httpsfv.Item); ok {
			if name, ok := item.Value.(string); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// invalidated tells of the groups that an answer says were changed: one to an
// unsafe method that is no error (RFC 9875 §3).
func (c *Composer) invalidated(method string, status int, h http.Header) {
	safe := method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || method == http.MethodTrace
	if safe || status >= 400 || c.options.Invalidated == nil {
		return
	}
	if names := groups(h, "Cache-Group-Invalidation"); len(names) > 0 {
		c.options.Invalidated(names)
	}
}
