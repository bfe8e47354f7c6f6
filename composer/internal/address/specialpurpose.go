package address

import (
	"net/netip"
	"slices"
)

// specialPurpose are the blocks of the registries of RFC 6890, and further blocks used
// by clouds. Of IPv6, only 2000::/3 is on the internet.
//
// The guard of code.dny.dev/ssrf has most of these blocks. The table stays because the
// guard lacks 168.63.129.16 (the services of a cloud), denies all of NAT64, so that a
// network without IPv4 reaches no IPv4 address, and its allowed prefixes hold for every
// host rather than for hosts that are on the list.
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

// addressBlock is a block of addresses with a meaning other than a host on the
// internet.
type addressBlock struct {
	prefix netip.Prefix
	kind   string
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

// denied returns the kind of an address that no allowed name may have. It is empty for
// an address on the internet. An address of NAT64, by which networks without IPv4
// reach the IPv4 internet, is denied or not by the IPv4 address inside.
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

// translates reports whether an IPv6 address stands for an IPv4 address that is not
// obvious to a reader.
func translates(addr netip.Addr) bool {
	if addr == netip.IPv6Loopback() {
		return false
	}
	return slices.ContainsFunc(embedding, func(p netip.Prefix) bool { return p.Contains(addr) })
}
