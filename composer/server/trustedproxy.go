package server

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"selvedge/composer"
)

// TrustProxies returns a handler that accepts the information about a visitor from
// proxies in some networks, and calls next:
//
//   - X-Forwarded-For sets http.Request.RemoteAddr, and the address of ClientAddress;
//   - X-Forwarded-Proto: https sets http.Request.TLS;
//   - X-Request-Id is kept.
//
// In the requests of all other peers, the fields have no effect, and X-Request-Id is
// removed, because a visitor can write anything into a field:
//
//   - Limits by address would not hold (IP spoofing).
//   - A response for https would be stored for http.
//   - A visitor could take the id of another request.
//
// untrusted is called once, with the address of the first proxy outside of the networks.
// Limits by address then count all visitors behind that proxy as one visitor, or not at
// all.
func TrustProxies(proxies []netip.Prefix, untrusted func(peer string), next http.Handler) http.Handler {
	var warning sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil && IsIn(proxies, peer.Addr()) {
			next.ServeHTTP(w, fromProxy(r, proxies))
			return
		}
		delete(r.Header, "X-Request-Id")
		if composer.IsFromProxy(r) {
			warning.Do(func() { untrusted(r.RemoteAddr) })
		}
		next.ServeHTTP(w, r)
	})
}

// fromProxy returns the request of a trusted proxy as its visitor sent it.
func fromProxy(r *http.Request, proxies []netip.Prefix) *http.Request {
	ctx := r.Context()
	visitor, ok := visitorOf(r.Header["X-Forwarded-For"], proxies)
	if ok && !IsIn(proxies, visitor) {
		ctx = context.WithValue(ctx, clientKey{}, visitor)
	}
	r = r.WithContext(ctx)
	if ok {
		r.RemoteAddr = net.JoinHostPort(visitor.String(), "0") // the port is not known
	}
	if lastOf(r.Header["X-Forwarded-Proto"]) == "https" {
		r.TLS = &tls.ConnectionState{}
	}
	return r
}

// clientKey is the context key of the visitor's address from a trusted proxy.
type clientKey struct{}

// ClientAddress returns the visitor's address from a trusted proxy, or else the result of
// composer.ClientAddress. It is for composer.Options.ClientAddress.
func ClientAddress(r *http.Request) netip.Addr {
	if visitor, ok := r.Context().Value(clientKey{}).(netip.Addr); ok && !visitor.IsLoopback() {
		return visitor
	}
	return composer.ClientAddress(r)
}

// visitorOf returns the last address of X-Forwarded-For outside of the proxies' networks.
// The addresses before it are ignored, because the visitor may have written them.
func visitorOf(lines []string, proxies []netip.Prefix) (visitor netip.Addr, ok bool) {
	for _, value := range slices.Backward(strings.Split(strings.Join(lines, ","), ",")) {
		addr, err := addressIn(strings.TrimSpace(value))
		if err != nil {
			return visitor, ok
		}
		if visitor, ok = addr, true; !IsIn(proxies, addr) {
			return visitor, true
		}
	}
	return visitor, ok
}

// addressIn parses an IP address, with or without a port, because some proxies add a
// port.
func addressIn(value string) (netip.Addr, error) {
	if withPort, err := netip.ParseAddrPort(value); err == nil {
		return withPort.Addr(), nil
	}
	return netip.ParseAddr(strings.Trim(value, "[]"))
}

// lastOf returns the last value of a list, in lower case.
func lastOf(lines []string) string {
	all := strings.Join(lines, ",")
	return strings.ToLower(strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:]))
}

// IsIn reports whether an address is in one of the networks.
func IsIn(networks []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(addr.Unmap()) })
}
