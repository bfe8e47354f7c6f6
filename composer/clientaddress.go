package composer

import (
	"net/http"
	"net/netip"

	"selvedge/composer/internal/header"
)

// ClientAddress is the default of Options.ClientAddress: the address of the peer
// that sent a request. It is the zero Addr, which has no bound, for
//   - a loopback address,
//   - a peer that shows itself to be a proxy (see IsFromProxy), because all
//     visitors behind it would share one bound.
func ClientAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || peer.Addr().IsLoopback() || IsFromProxy(r) {
		return netip.Addr{}
	}
	return peer.Addr()
}

// IsFromProxy reports whether a request shows that a proxy sent it
// (X-Forwarded-For, Via). Anybody can write these fields.
func IsFromProxy(r *http.Request) bool { return header.IsFromProxy(r) }

// clientOf returns the address whose share of a source's slots and failures a
// request counts against: that of the visitor, or of the visitor's IPv6 network,
// because whoever has one address of a /64 has them all.
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
