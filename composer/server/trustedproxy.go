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

// TrustProxies believes the proxies of some networks what they say of a visitor: the
// address in X-Forwarded-For, and whether it was https in X-Forwarded-Proto. From
// anybody else these fields say what whoever sent them likes: a limit for each
// address would be none (IP spoofing), and an answer with https in it would be
// stored for all.
//
// The X-Request-Id of such a proxy is kept; that of anybody else is dropped, since
// one visitor could take the id of another's request.
//
// What follows asks http.Request.RemoteAddr and TLS, which say the visitor's from
// here on, and ClientAddress.
//
// The function untrusted is called once, with the address of the first proxy that is
// not trusted: to limits by address, all visitors of that are one, or none.
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

// fromProxy returns a request as the visitor of a trusted proxy sent it.
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

// clientKey finds the address that a trusted proxy told of a visitor.
type clientKey struct{}

// ClientAddress is composer.ClientAddress, and for the visitors of a trusted proxy
// what the proxy tells of them.
func ClientAddress(r *http.Request) netip.Addr {
	if visitor, ok := r.Context().Value(clientKey{}).(netip.Addr); ok && !visitor.IsLoopback() {
		return visitor
	}
	return composer.ClientAddress(r)
}

// visitorOf returns the last address of X-Forwarded-For that is not one of the
// proxies. What stands before it is what the visitor said.
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

// addressIn reads an address, with which some proxies write its port.
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

func IsIn(networks []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(addr.Unmap()) })
}
