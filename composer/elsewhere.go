package composer

import (
	"net"
	"net/http"
	"net/url"
	"sync"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/http1"
)

// elsewhere is where includes may lead besides fragments: the origin that the
// composer stands in front of, and the hosts that are allowed.
type elsewhere struct {
	origin    *source
	allowed   *address.AllowList
	client    *http1.Client   // to the allowed hosts
	documents *http.Transport // to the origin, for what visitors ask it for and passes

	mu     sync.Mutex
	byHost map[string]*source // scheme, host and port of those that were asked
}

// maxHosts bounds the hosts that are remembered. The list has few, but a
// wildcard in it has no end.
const maxHosts = 1024

// newElsewhere returns nil if there is no origin, which is reached as by the
// transport.
func newElsewhere(o Options, transport *http.Transport) (*elsewhere, error) {
	if o.Origin == nil {
		return nil, nil
	}
	if !address.IsBase(o.Origin) || o.Origin.Path != "" && o.Origin.Path != "/" {
		return nil, &AddressError{Address: o.Origin.Redacted(), Reason: "an origin is an http or https URL without a path"}
	}
	allowed, err := address.NewAllowList(o.AllowHosts)
	if err != nil {
		return nil, err
	}
	origin := *o.Origin
	origin.Path, origin.RawPath = "", ""
	documents := transport.Clone()
	documents.ResponseHeaderTimeout = o.ActionTimeout
	return &elsewhere{
		documents: documents,
		origin:    newHost(&origin),
		allowed:   allowed,
		client:    http1.New(allowed.DialContext(net.Dialer{Timeout: o.ActionTimeout}), o.ActionTimeout, o.MaxInFlight),
		byHost:    make(map[string]*source),
	}, nil
}

// locate returns where an address leads that stands in the answer of a place.
// Own is the host by which visitors know the origin. The error is an
// *address.Error.
func (e *elsewhere) locate(from place, addr, own string) (place, error) {
	base, err := from.url()
	if err != nil || from.source.URL == nil {
		base = e.origin.URL
	}
	u, err := address.Resolve(base, addr)
	if err != nil {
		return place{}, err
	}
	at := place{target: u.RequestURI()}
	switch {
	case address.SameOrigin(u, e.origin.URL), isOwn(u, own):
		at.source = e.origin
	case e.allowed.Allows(u):
		at.source = e.host(u)
	default:
		return place{}, &AddressError{Address: addr, Reason: "its host is not allowed"}
	}
	return at, nil
}

// isOwn reports whether a URL in its normal form has the host by which the
// visitor knows the origin, as it stands in their request. Whether they reach it
// by http or https may be known only to who stands before us.
func isOwn(u *url.URL, own string) bool {
	host, port, ok := address.Authority(&url.URL{Scheme: u.Scheme, Host: own})
	return ok && own != "" && u.Host == address.JoinHost(u.Scheme, host, port)
}

// host returns the source that stands for an allowed host.
func (e *elsewhere) host(u *url.URL) *source {
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
	e.byHost[name].guarded = true
	return e.byHost[name]
}

func newHost(base *url.URL) *source {
	s := newSource(base.Host, Source{URL: base})
	s.elsewhere = true
	return s
}
