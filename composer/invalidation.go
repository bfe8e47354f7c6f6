package composer

import (
	"net/http"
	"slices"
	"strings"

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

// groupsOf returns the groups of an answer, each once: those of Cache-Groups
// (RFC 9875 §2), and of the fields in which others write the same.
func groupsOf(h http.Header) []string {
	names := groups(h, "Cache-Groups")
	for _, field := range []string{"Surrogate-Key", "Xkey"} {
		for _, line := range h[field] {
			names = append(names, strings.Fields(line)...)
		}
	}
	for _, line := range h["Cache-Tag"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	if len(names) > 1 {
		slices.Sort(names)
		names = slices.Compact(names)
	}
	return names
}

// ChangedGroups returns the groups that Cache-Group-Invalidation says were
// changed (RFC 9875 §3).
func ChangedGroups(h http.Header) []string { return groups(h, "Cache-Group-Invalidation") }

// SourceGroup returns the group that all views of a fragment are in, whatever
// data they were made from. It changes when a source of the fragment is added to
// the registry.
func SourceGroup(name string) string { return "selvedge:source:" + name }

// sourceChanged has the views of a fragment rendered again. Its stored answers
// are of the source before, and found by nobody.
func (c *Composer) sourceChanged(name string) { c.Invalidate(SourceGroup(name)) }

// Invalidate says that the data of some groups was changed by something other
// than a request to this composer. Their stored answers are dropped, and
// Options.Invalidated is told. It returns how many answers it dropped.
func (c *Composer) Invalidate(groups ...string) int {
	return c.invalidate(purge{groups: groups})
}

func (c *Composer) invalidate(p purge) int {
	dropped := c.dropStored(p)
	c.tellInvalidated(p.groups)
	return dropped
}

func (c *Composer) dropStored(p purge) int {
	if c.cache == nil {
		return 0
	}
	return c.cache.invalidate(p)
}

func (c *Composer) tellInvalidated(groups []string) {
	if len(groups) > 0 && c.options.Invalidated != nil {
		c.options.Invalidated(groups)
	}
}

// changes reports whether an answer means that something was changed: one to an
// unsafe method that is no error (RFC 9111 §4.4).
func changes(method string, status int) bool {
	safe := method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || method == http.MethodTrace
	return !safe && status < 400
}
