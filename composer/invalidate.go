package composer

import (
	"net/http"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/page"
)

// ChangedGroups returns the groups in Cache-Group-Invalidation, which a write has changed
// (RFC 9875 §3).
func ChangedGroups(h http.Header) []string { return header.InvalidatedGroups(h) }

// SourceGroup returns the group of all views of a fragment, besides the groups of their
// data. It is invalidated when a source of the fragment is added to the registry, or the
// fragment is removed.
func SourceGroup(name string) string { return page.SourceGroup(name) }

// sourceChanged invalidates the views of a fragment with another source. The stored
// responses of the previous source have its key, so no request finds them.
func (c *Composer) sourceChanged(name string) {
	if _, err := c.registry.Lookup(Reference{Name: name}); err != nil { // removed
		c.fetcher.Stylesheets.Forget(name)
	}
	c.Invalidate(SourceGroup(name))
}

// Invalidate drops the stored responses of groups, reports the groups to
// Options.Invalidated, and returns the number of dropped responses. It is for changes
// without a request to the composer: Forward, Fragment and Proxy obey
// Cache-Group-Invalidation by themselves.
//
// A response that was requested before and is still on its way is not used for later
// requests.
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
