package document

import (
	"net/url"

	"selvedge/composer/esi"
	"selvedge/composer/registry"
)

// ResolvedURL is the address of an include, and its target.
type ResolvedURL struct {
	Target registry.Target
	Text   string   // the address in the template
	URL    *url.URL // of Target, read-only; nil if not yet known
}

// IsResolved reports whether the target is known.
func (u ResolvedURL) IsResolved() bool { return u.Target.Backend != nil }

// resolvedIncludes are the includes of a program with addresses without variables.
type resolvedIncludes struct {
	generation uint64 // of the registry
	static     map[*esi.Include]ResolvedURL
}

// ResolvedIncludes returns the stored targets of the includes with addresses without
// variables, for a generation of the registry.
func (d *Document) ResolvedIncludes(generation uint64) (map[*esi.Include]ResolvedURL, bool) {
	known := d.makeArtifacts().includes.Load()
	if known == nil || known.generation != generation {
		return nil, false
	}
	return known.static, true
}

// StoreResolvedIncludes stores the targets for ResolvedIncludes.
func (d *Document) StoreResolvedIncludes(generation uint64, static map[*esi.Include]ResolvedURL) {
	d.makeArtifacts().includes.Store(&resolvedIncludes{generation, static})
}
