package composer

import (
	"net/url"

	"selvedge/composer/esi"
	"selvedge/composer/registry"
)

// places are where the includes of a program lead whose addresses have no
// variables, as the registry was when they were looked up.
type places struct {
	registry uint64
	static   map[*esi.Include]resolvedURL
}

// resolvedURL is an address and where it leads.
type resolvedURL struct {
	place  registry.Target
	text   string
	parsed *url.URL // of the place; not ours to change
}

// known reports whether it is known where the address leads.
func (a resolvedURL) known() bool { return a.place.Backend != nil }

// placesOf returns the places of the includes of an answer's program that are
// known before any request for it. Those that lead nowhere are not among them.
func (c *Composer) placesOf(r *response) map[*esi.Include]resolvedURL {
	generation := c.registry.Generation()
	if known := r.derived.more().places.Load(); known != nil && known.registry == generation {
		return known.static
	}
	static := make(map[*esi.Include]resolvedURL)
	for include := range r.derived.program.Includes() {
		text, ok := include.Src.Static()
		if !ok {
			continue
		}
		at, err := c.resolver.Locate(r.Target, text, "")
		if err != nil {
			continue
		}
		if u, err := at.URL(); err == nil {
			static[include] = resolvedURL{at, text, u}
		}
	}
	r.derived.more().places.Store(&places{generation, static})
	c.weighAgain(r)
	return static
}
