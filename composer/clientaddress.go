package composer

import (
	"net/http"
	"net/netip"

	"selvedge/composer/internal/header"
)

// ClientAddress is the default of Options.ClientAddress: the address of the peer of a
// request. It returns the zero Addr, without a bound, for
//   - a loopback address;
//   - a proxy (see [IsFromProxy]), because all visitors behind it would share one bound.
func ClientAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || peer.Addr().IsLoopback() || IsFromProxy(r) {
		return netip.Addr{}
	}
	return peer.Addr()
}

// IsFromProxy reports whether a request has a field of a proxy: X-Forwarded-For or Via. Any
// client can write these fields, so they are no proof.
func IsFromProxy(r *http.Request) bool { return header.IsFromProxy(r) }

// clientOf returns the client of a request, with its share of a source's slots and
// failures: the address of the visitor, or the visitor's IPv6 /64 network, because one
// visitor has all addresses of a /64.
func (c *Composer) clientOf(r *http.Request) netip.Addr {
	if r == nil {
		return netip.Addr{}
	}
	addr := c.options.ClientAddress(r).Unmap().WithZone("")
	if !addr.Is6() {
		return addr
	}
	return netip.PrefixFrom(addr, 64).Masked().Addr()
}
