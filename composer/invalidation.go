package composer

import (
	"net/http"

	"selvedge/composer/internal/header"
)

// ChangedGroups returns the groups that Cache-Group-Invalidation says were
// changed (RFC 9875 §3).
func ChangedGroups(h http.Header) []string { return header.Groups(h, "Cache-Group-Invalidation") }

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
