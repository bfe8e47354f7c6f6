package registry

import (
	"net/url"
	"sync"

	"selvedge/composer/internal/address"
)

// Resolver finds the targets of addresses: fragments of a registry and, in front of an
// origin, the origin and the allowed hosts. It is safe for concurrent use.
type Resolver struct {
	registry *Registry
	Origin   *Backend // nil: addresses lead to fragments only
	allowed  *address.AllowList

	mu     sync.Mutex
	byHost map[string]*Backend // by scheme, host and port
}

// NewResolver returns a resolver for the fragments of a registry. Unless origin is
// nil, addresses may also lead to the origin and to the allowed hosts. The error is an
// *address.Error if the origin is not an http or https URL without a path.
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
	r.Origin = newHostBackend(&own)
	return r, nil
}

// TargetOf returns the target of a reference. The error is a *VersionError.
func (r *Resolver) TargetOf(ref Reference) (Target, error) {
	source, err := r.registry.Lookup(ref)
	if err != nil {
		return Target{}, err
	}
	return Target{source, ref.RequestURI()}, nil
}

// TemplateAt returns the target of the address of a template: a reference, or the address of
// a mount. The error is a *ReferenceError or a *VersionError.
func (r *Resolver) TemplateAt(address string) (Target, error) {
	if at, ok, err := r.registry.mounted(address); ok {
		return at, err
	}
	ref, err := ParseReference(address)
	if err != nil {
		return Target{}, err
	}
	return r.TargetOf(ref)
}

// IsMounted reports whether an address is that of a mount.
func (r *Resolver) IsMounted(address string) bool { return r.registry.mountOf(address) != nil }

// Locate returns the target of an address in the response of from: a fragment, a mount or,
// in front of an origin, the origin or an allowed host. ownHost is the host by which
// visitors know the origin, if any. The error is a *ReferenceError, a *VersionError or
// an *address.Error.
func (r *Resolver) Locate(from Target, address, ownHost string) (Target, error) {
	isMounted := r.IsMounted(address) && !from.Backend.Guarded
	if r.Origin != nil && !isMounted && !r.isReference(address) {
		return r.locateExternal(from, address, ownHost)
	}
	return r.TemplateAt(address)
}

// isReference reports whether an address names an existing fragment.
func (r *Resolver) isReference(address string) bool {
	ref, err := ParseReference(address)
	return err == nil && r.registry.has(ref.Name)
}

// locateExternal is Locate for an address that is not a reference. The error is an
// *address.Error.
func (r *Resolver) locateExternal(from Target, addr, ownHost string) (Target, error) {
	base, err := from.URL()
	if err != nil || from.Backend.URL == nil {
		base = r.Origin.URL
	}
	u, err := address.Resolve(base, addr)
	if err != nil {
		return Target{}, err
	}
	at := Target{URI: u.RequestURI()}
	switch {
	case address.SameOrigin(u, r.Origin.URL), IsOwnHost(u, ownHost):
		at.Backend = r.Origin
	case r.allowed.Allows(u):
		at.Backend = r.host(u)
	default:
		return Target{}, &address.Error{Address: addr, Reason: "its host is not allowed"}
	}
	return at, nil
}

// IsOwnHost reports whether u, in normal form, has the host by which the visitor knows
// the origin, as in the visitor's request. Schemes are not compared, because only a
// proxy in front of the composer may know the visitor's scheme.
func IsOwnHost(u *url.URL, ownHost string) bool {
	host, port, ok := address.Authority(&url.URL{Scheme: u.Scheme, Host: ownHost})
	return ok && ownHost != "" && u.Host == address.JoinHost(u.Scheme, host, port)
}

// host returns the backend of an allowed host.
func (r *Resolver) host(u *url.URL) *Backend {
	base := url.URL{Scheme: u.Scheme, Host: u.Host}
	r.mu.Lock()
	defer r.mu.Unlock()
	name := base.String()
	if known := r.byHost[name]; known != nil {
		return known
	}
	if len(r.byHost) == maxHosts {
		clear(r.byHost)
	}
	r.byHost[name] = newHostBackend(&base)
	r.byHost[name].Guarded = true
	return r.byHost[name]
}

// maxHosts bounds the allowed hosts in memory, because a wildcard allows any number.
const maxHosts = 1024

func newHostBackend(base *url.URL) *Backend {
	s := newBackend(base.Host, Source{URL: base})
	s.External = true
	return s
}
