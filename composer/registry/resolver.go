package registry

import (
	"net/url"
	"sync"

	"selvedge/composer/internal/address"
)

// Resolver finds what addresses lead to: fragments of a registry, and if the
// composer stands in front of an origin, that and the hosts that are allowed. It is
// safe for concurrent use.
type Resolver struct {
	registry *Registry
	Origin   *Backend // nil: addresses lead to fragments only
	allowed  *address.AllowList

	mu     sync.Mutex
	byHost map[string]*Backend // scheme, host and port of those that were asked
}

// maxHosts bounds the hosts that are remembered. The list has few, but a
// wildcard in it has no end.
const maxHosts = 1024

// NewResolver returns a resolver for the fragments of a registry. If origin is not
// nil, addresses may also lead to the origin and to the allowed hosts. The error is
// an *address.Error if the origin is not an http or https URL without a path.
func NewResolver(registry *Registry, origin *url.URL, allowed *address.AllowList) (*Resolver, error) {
	r := &Resolver{registry: registry, allowed: allowed, byHost: make(map[string]*Backend)}
	if origin == nil {
		return r, nil
	}
	if !address.IsBase(origin) || origin.Path != "" && origin.Path != "/" {
		return nil, &address.Error{Address: origin.Redacted(), Reason: "an origin is an http or https URL without a path"}
	}
	own := *origin
	own.Path, own.RawPath = "", ""
	r.Origin = newHost(&own)
	return r, nil
}

// external is locate for an address that is no reference.
// Own is the host by which visitors know the origin. The error is an
// *address.Error.
func (e *Resolver) external(from Target, addr, own string) (Target, error) {
	base, err := from.URL()
	if err != nil || from.Backend.URL == nil {
		base = e.Origin.URL
	}
	u, err := address.Resolve(base, addr)
	if err != nil {
		return Target{}, err
	}
	at := Target{URI: u.RequestURI()}
	switch {
	case address.SameOrigin(u, e.Origin.URL), IsOwnHost(u, own):
		at.Backend = e.Origin
	case e.allowed.Allows(u):
		at.Backend = e.host(u)
	default:
		return Target{}, &address.Error{Address: addr, Reason: "its host is not allowed"}
	}
	return at, nil
}

// IsOwnHost reports whether a URL in its normal form has the host by which the
// visitor knows the origin, as it stands in their request. Whether they reach it
// by http or https may be known only to who stands before us.
func IsOwnHost(u *url.URL, own string) bool {
	host, port, ok := address.Authority(&url.URL{Scheme: u.Scheme, Host: own})
	return ok && own != "" && u.Host == address.JoinHost(u.Scheme, host, port)
}

// host returns the source that stands for an allowed host.
func (e *Resolver) host(u *url.URL) *Backend {
	base := url.URL{Scheme: u.Scheme, Host: u.Host}
	e.mu.Lock()
	defer e.mu.Unlock()
	name := base.String()
	if known := e.byHost[name]; known != nil {
		return known
	}
	if len(e.byHost) == maxHosts {
		clear(e.byHost)
	}
	e.byHost[name] = newHost(&base)
	e.byHost[name].Guarded = true
	return e.byHost[name]
}

func newHost(base *url.URL) *Backend {
	s := newSource(base.Host, Source{URL: base})
	s.External = true
	return s
}

// Find returns the place that a reference names. The error is a
// *VersionError.
func (e *Resolver) Find(ref Reference) (Target, error) {
	source, err := e.registry.Lookup(ref)
	if err != nil {
		return Target{}, err
	}
	return Target{source, ref.RequestURI()}, nil
}

// Locate returns where an address leads that stands in the answer of a place:
// to a fragment, or if the composer stands in front of an origin, to there and
// to the hosts that are allowed.
// Own is the host by which visitors know that origin, if any.
func (e *Resolver) Locate(from Target, address, own string) (Target, error) {
	if e.Origin != nil && !e.isReference(address) {
		return e.external(from, address, own)
	}
	ref, err := ParseReference(address)
	if err != nil {
		return Target{}, err
	}
	return e.Find(ref)
}

// isReference reports whether an address names a fragment that there is.
func (e *Resolver) isReference(address string) bool {
	ref, err := ParseReference(address)
	return err == nil && e.registry.has(ref.Name)
}
