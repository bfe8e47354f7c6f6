package address

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
)

// DialContext returns a dialer for the hosts on the list alone. Its error is an *Error
// if every address of a host is denied. It guards against server-side request forgery
// by DNS rebinding: the owner of an allowed name changes its address after the name
// was checked, to an internal address such as 169.254.169.254, where clouds give out
// credentials. The check is therefore on the address about to be dialed, between the
// resolver and the kernel.
//
// Configured sources, which may well be 127.0.0.1, need a client of their own without
// this guard: with a shared client a name could use the connections made for a source.
func (l *AllowList) DialContext(unguarded net.Dialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		guarded := unguarded
		guarded.Control = func(_, resolved string, _ syscall.RawConn) error {
			return l.check(address, resolved)
		}
		return guarded.DialContext(ctx, network, address)
	}
}

// check returns the reason to deny a connection for host asked, with its port, to the
// resolved address. The error is an *Error.
func (l *AllowList) check(asked, resolved string) error {
	host, port, err := net.SplitHostPort(asked)
	if err != nil {
		return &Error{asked, "it has no host and port"}
	}
	to, err := netip.ParseAddrPort(resolved)
	if err != nil {
		return &Error{asked, "it leads to no IP address"}
	}
	listed := slices.ContainsFunc(l.hosts, func(a allowedHost) bool { return a.is(host, port) })
	if !listed {
		return &Error{asked, "its host is not on the list"}
	}
	addr := to.Addr().Unmap()
	if kind := denied(addr); kind != "" && !l.allowsPrivate(host, addr) {
		return &Error{asked, fmt.Sprintf("it leads to %s, %s", addr, kind)}
	}
	return nil
}

// allowsPrivate reports whether the list allows a host to have an address that is
// otherwise denied.
func (l *AllowList) allowsPrivate(host string, addr netip.Addr) bool {
	if literal, err := netip.ParseAddr(host); err == nil {
		return literal == addr
	}
	if host == "localhost" {
		return addr.IsLoopback()
	}
	return slices.ContainsFunc(l.networks, func(n netip.Prefix) bool { return n.Contains(addr) })
}
