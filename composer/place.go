package composer

import (
	"net/url"

	"selvedge/composer/esi"
)

// place is what a request asks for: a resource of a source.
type place struct {
	source *source
	target string // path and query
}

// String returns the place as messages name it.
func (p place) String() string {
	if p.source.elsewhere {
		return p.source.URL.String() + p.target
	}
	return Prefix + p.source.name + p.target
}

// placeOf returns the place that a reference names. The error is a
// *VersionError.
func (c *Composer) placeOf(ref Reference) (place, error) {
	source, err := c.registry.resolve(ref)
	if err != nil {
		return place{}, err
	}
	return place{source, ref.target()}, nil
}

// locate returns where an address leads that stands in the answer of a place:
// to a fragment, or if the composer stands in front of an origin, to there and
// to the hosts that are allowed.
// Own is the host by which visitors know that origin, if any.
func (c *Composer) locate(from place, address, own string) (place, error) {
	if c.elsewhere != nil && !c.isReference(address) {
		return c.elsewhere.locate(from, address, own)
	}
	ref, err := ParseReference(address)
	if err != nil {
		return place{}, err
	}
	return c.placeOf(ref)
}

// isReference reports whether an address names a fragment that there is.
func (c *Composer) isReference(address string) bool {
	ref, err := ParseReference(address)
	return err == nil && c.registry.has(ref.Name)
}

// url returns the address of the place, to which others are relative.
func (p place) url() (*url.URL, error) { return p.source.locate(p.target) }

// places are where the includes of a program lead whose addresses have no
// variables, as the registry was when they were looked up.
type places struct {
	registry uint64
	static   map[*esi.Include]resolvedURL
}

// resolvedURL is an address and where it leads.
type resolvedURL struct {
	place  place
	text   string
	parsed *url.URL // of the place; not ours to change
}

// known reports whether it is known where the address leads.
func (a resolvedURL) known() bool { return a.place.source != nil }

// placesOf returns the places of the includes of an answer's program that are
// known before any request for it. Those that lead nowhere are not among them.
func (c *Composer) placesOf(r *response) map[*esi.Include]resolvedURL {
	generation := c.registry.generation()
	if known := r.derived.more().places.Load(); known != nil && known.registry == generation {
		return known.static
	}
	static := make(map[*esi.Include]resolvedURL)
	for include := range r.derived.program.Includes() {
		text, ok := include.Src.Static()
		if !ok {
			continue
		}
		at, err := c.locate(r.place, text, "")
		if err != nil {
			continue
		}
		if u, err := at.url(); err == nil {
			static[include] = resolvedURL{at, text, u}
		}
	}
	r.derived.more().places.Store(&places{generation, static})
	c.weighAgain(r)
	return static
}
