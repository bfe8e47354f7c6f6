package composer

import (
	"net/http"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/page"
)

// ChangedGroups returns the groups that Cache-Group-Invalidation says were
// changed (RFC 9875 §3).
func ChangedGroups(h http.Header) []string { return header.InvalidatedGroups(h) }

// SourceGroup returns the group that all views of a fragment are in, whatever
// data they were made from. It changes when a source of the fragment is added to
// the registry.
func SourceGroup(name string) string { return page.SourceGroup(name) }

// sourceChanged has the views of a fragment rendered again. Its stored answers
// are of the source before, and found by nobody.
func (c *Composer) sourceChanged(name string) { c.Invalidate(SourceGroup(name)) }

// Invalidate says that the data of some groups was changed by something other
// than a request to this composer. Their stored answers are dropped, and
// Options.Invalidated is told. It returns how many answers it dropped.
func (c *Composer) Invalidate(groups ...string) int {
	return c.invalidate(cache.Purge{Groups: groups})
}

func (c *Composer) invalidate(p cache.Purge) int {
	dropped := c.dropStored(p)
	c.tellInvalidated(p.Groups)
	return dropped
}

func (c *Composer) dropStored(p cache.Purge) int {
	if c.fetcher.Cache == nil {
		return 0
	}
	return c.fetcher.Cache.Invalidate(p)
}

func (c *Composer) tellInvalidated(groups []string) {
	if len(groups) > 0 && c.options.Invalidated != nil {
		c.options.Invalidated(groups)
	}
}
