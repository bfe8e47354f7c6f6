package address

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
)

// DialContext returns a dialer for the hosts on the list, and for nothing else. Its
// error is an *Error if every address that a host leads to is denied.
//
// It guards against server-side request forgery by DNS rebinding: the owner of an
// allowed name lets it lead to an address inside, such as 169.254.169.254 where
// clouds hand out credentials, after the name was checked. So the check is on
// the address that is about to be dialed, between the resolver and the kernel.
// Sources that an operator named, which may well be 127.0.0.1, need a client of
// their own without this guard: a shared one would let a name reuse what the
// other is allowed.
func (h *AllowList) DialContext(unguarded net.Dialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		guarded := unguarded
		guarded.Control = func(_, resolved string, _ syscall.RawConn) error {
			return h.check(address, resolved)
		}
		return guarded.DialContext(ctx, network, address)
	}
}

// check returns why a host may not be dialed at the address that its name was
// resolved to; both have their port. The error is an *Error.
func (h *AllowList) check(asked, resolved string) error {
	host, port, err := net.SplitHostPort(asked)
	if err != nil {
		return &Error{asked, "it has no host and port"}
	}
	to, err := netip.ParseAddrPort(resolved)
	if err != nil {
		return &Error{asked, "it leads to no IP address"}
	}
	listed := slices.ContainsFunc(h.list, func(a allowedHost) bool { return a.is(host, port) })
	if !listed {
		return &Error{asked, "its host is not on the list"}
	}
	addr := to.Addr().Unmap()
	if kind := denied(addr); kind != "" && !h.allowsPrivate(host, addr) {
		return &Error{asked, fmt.Sprintf("it leads to %s, %s", addr, kind)}
	}
	return nil
}

// allowsPrivate reports whether the list opens an address that is denied otherwise to
// a host on it.
func (h *AllowList) allowsPrivate(host string, addr netip.Addr) bool {
	if literal, err := netip.ParseAddr(host); err == nil {
		return literal == addr
	}
	if host == "localhost" {
		return addr.IsLoopback()
	}
	return slices.ContainsFunc(h.networks, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// addressBlock is a block of addresses that are not on the internet, or that mean
// somebody else there.
type addressBlock struct {
	prefix netip.Prefix
	kind   string
}

// specialPurpose are the blocks of the registries of RFC 6890, and what clouds have
// put elsewhere. Of IPv6, only 2000::/3 is on the internet.
var specialPurpose = []addressBlock{
	{netip.MustParsePrefix("0.0.0.0/8"), "an address of this host"},
	{netip.MustParsePrefix("10.0.0.0/8"), "a private address"},
	{netip.MustParsePrefix("100.64.0.0/10"), "an address of a provider's network"},
	{netip.MustParsePrefix("127.0.0.0/8"), "a loopback address"},
	{netip.MustParsePrefix("168.63.129.16/32"), "an address of a cloud's own services"},
	{netip.MustParsePrefix("169.254.0.0/16"), "a link-local address"},
	{netip.MustParsePrefix("172.16.0.0/12"), "a private address"},
	{netip.MustParsePrefix("192.0.0.0/24"), "a reserved address"},
	{netip.MustParsePrefix("192.0.2.0/24"), "an address for documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "a reserved address"},
	{netip.MustParsePrefix("192.168.0.0/16"), "a private address"},
	{netip.MustParsePrefix("198.18.0.0/15"), "an address for benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "an address for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "an address for documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "a multicast address"},
	{netip.MustParsePrefix("240.0.0.0/4"), "a reserved address"},

	{netip.MustParsePrefix("::1/128"), "a loopback address"},
	{netip.MustParsePrefix("fc00::/7"), "a private address"},
	{netip.MustParsePrefix("fe80::/10"), "a link-local address"},
	{netip.MustParsePrefix("ff00::/8"), "a multicast address"},
	{netip.MustParsePrefix("2001::/23"), "a reserved address"}, // with Teredo, which hides an IPv4 address
	{netip.MustParsePrefix("2001:db8::/32"), "an address for documentation"},
	{netip.MustParsePrefix("2002::/16"), "a 6to4 address"},
	{netip.MustParsePrefix("3fff::/20"), "an address for documentation"},
}

var (
	internet  = netip.MustParsePrefix("2000::/3")
	nat64     = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052 §2.1
	embedding = []netip.Prefix{
		nat64,
		netip.MustParsePrefix("64:ff9b:1::/48"), // NAT64 of one network, RFC 8215
		netip.MustParsePrefix("::ffff:0:0/96"),
		netip.MustParsePrefix("::ffff:0:0:0/96"), // SIIT, RFC 2765 §2.1
		netip.MustParsePrefix("2001::/32"),       // Teredo
		netip.MustParsePrefix("2002::/16"),       // 6to4
		netip.MustParsePrefix("::/96"),           // IPv4-compatible, RFC 4291 §2.5.5.1
	}
)

// denied says what kind of address it is that no allowed name may lead to. It
// is empty for an address on the internet. Networks without IPv4 reach it
// through NAT64; there the IPv4 address inside counts.
func denied(addr netip.Addr) string {
	addr = addr.Unmap()
	if nat64.Contains(addr) {
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	for _, s := range specialPurpose {
		if s.prefix.Contains(addr) {
			return s.kind
		}
	}
	if addr.Is6() && !internet.Contains(addr) { // no prefix contains an address with a zone
		return "a reserved address"
	}
	return ""
}

// translates reports whether an IPv6 address stands for an IPv4 address that a
// reader of the address does not see.
func translates(addr netip.Addr) bool {
	if addr == netip.IPv6Loopback() {
		return false
	}
	return slices.ContainsFunc(embedding, func(p netip.Prefix) bool { return p.Contains(addr) })
}
