package address

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"selvedge/composer/internal/dnstest"
)

var addresses = []struct {
	name, address string
	denied        bool
}{
	{"an address of the internet", "93.184.215.14", false},
	{"the last before loopback", "126.255.255.255", false},
	{"the first after loopback", "128.0.0.1", false},
	{"the last before a private network", "172.15.255.255", false},
	{"the first after a private network", "172.32.0.0", false},
	{"the last before carrier-grade NAT", "100.63.255.255", false},
	{"the first after carrier-grade NAT", "100.128.0.0", false},
	{"the last before multicast", "223.255.255.255", false},
	{"an IPv6 address of the internet", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", false},
	{"NAT64 of the internet", "64:ff9b::5db8:d70e", false},
	{"a mapped address of the internet", "::ffff:93.184.215.14", false},

	{"unspecified", "0.0.0.0", true},
	{"this network", "0.1.2.3", true},
	{"loopback", "127.0.0.1", true},
	{"the last of loopback", "127.255.255.255", true},
	{"private, class A", "10.0.0.1", true},
	{"private, class B", "172.16.0.1", true},
	{"private, the last of class B", "172.31.255.255", true},
	{"private, class C", "192.168.1.1", true},
	{"link-local", "169.254.0.1", true},
	{"carrier-grade NAT", "100.64.0.1", true},
	{"protocol assignments", "192.0.0.8", true},
	{"documentation 1", "192.0.2.1", true},
	{"documentation 2", "198.51.100.1", true},
	{"documentation 3", "203.0.113.1", true},
	{"benchmarks", "198.18.0.1", true},
	{"benchmarks, second half", "198.19.255.255", true},
	{"6to4 relays", "192.88.99.1", true},
	{"multicast", "224.0.0.1", true},
	{"the last of multicast", "239.255.255.255", true},
	{"reserved", "240.0.0.1", true},
	{"broadcast", "255.255.255.255", true},
	{"metadata of most clouds", "169.254.169.254", true},
	{"metadata of containers", "169.254.170.2", true},
	{"metadata of Alibaba", "100.100.100.200", true},
	{"metadata of Oracle", "192.0.0.192", true},
	{"the wire server of Azure", "168.63.129.16", true},
	{"metadata of AWS by IPv6", "fd00:ec2::254", true},
	{"metadata of Google by IPv6", "fd20:ce::254", true},

	{"unspecified IPv6", "::", true},
	{"IPv6 loopback", "::1", true},
	{"unique local", "fc00::1", true},
	{"unique local, second half", "fdff::1", true},
	{"IPv6 link-local", "fe80::1", true},
	{"IPv6 link-local with a zone", "fe80::1%eth0", true},
	{"an address of the internet with a zone", "2606:2800::1%eth0", true},
	{"site-local", "fec0::1", true},
	{"IPv6 multicast", "ff02::1", true},
	{"IPv6 documentation", "2001:db8::1", true},
	{"more IPv6 documentation", "3fff::1", true},
	{"IPv6 benchmarks", "2001:2::1", true},
	{"ORCHID", "2001:20::1", true},
	{"Teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2", true},
	{"discard-only", "100::1", true},
	{"segment routing", "5f00::1", true},
	{"mapped loopback", "::ffff:127.0.0.1", true},
	{"mapped private", "::ffff:10.0.0.1", true},
	{"mapped metadata", "::ffff:169.254.169.254", true},
	{"compatible loopback", "::127.0.0.1", true},
	{"translated loopback", "::ffff:0:7f00:1", true},
	{"NAT64 of loopback", "64:ff9b::7f00:1", true},
	{"NAT64 of a private address", "64:ff9b::a00:1", true},
	{"NAT64 of metadata", "64:ff9b::a9fe:a9fe", true},
	{"NAT64 of one network", "64:ff9b:1::808:808", true},
	{"6to4 of a private address", "2002:a00:1::1", true},
	{"6to4 of loopback", "2002:7f00:1::1", true},
}

func TestWhereNoNameMayLead(t *testing.T) {
	h := mustHosts(t, "shop.example", "*.shop.example", "localhost")
	for _, test := range addresses {
		t.Run(test.name, func(t *testing.T) {
			addr := netip.MustParseAddr(test.address)
			if got := denied(addr) != ""; got != test.denied {
				t.Errorf("denied(%s) = %q; want denied: %t", addr, denied(addr), test.denied)
			}
			resolved := netip.AddrPortFrom(addr, 80).String()
			for _, asked := range []string{"shop.example:80", "an.shop.example:80"} {
				err := h.check(asked, resolved)
				if got := errors.As(err, new(*Error)); got != test.denied {
					t.Errorf("check(%q, %q) = %v; want denied: %t", asked, resolved, err, test.denied)
				}
			}
			if err := h.check("other.example:80", resolved); err == nil {
				t.Errorf("check of a host that is not on the list at %q = nil; want an error", resolved)
			}
		})
	}
}

func TestAddressesThatTheListOpens(t *testing.T) {
	tests := []struct {
		name            string
		list            []string
		asked, resolved string
		want            bool
	}{
		{"an address that is listed", []string{"127.0.0.1"}, "127.0.0.1:81", "127.0.0.1:81", true},
		{"an address whose port is listed", []string{"127.0.0.1:81"}, "127.0.0.1:81", "127.0.0.1:81", true},
		{"another port of it", []string{"127.0.0.1:81"}, "127.0.0.1:82", "127.0.0.1:82", false},
		{"an IPv6 address that is listed", []string{"fd00::1"}, "[fd00::1]:81", "[fd00::1]:81", true},
		{"a name is not that address", []string{"127.0.0.1", "shop.example"}, "shop.example:81", "127.0.0.1:81", false},
		{"an address is not another", []string{"127.0.0.1"}, "127.0.0.1:81", "127.0.0.2:81", false},
		{"localhost is loopback", []string{"localhost"}, "localhost:81", "127.0.0.1:81", true},
		{"and by IPv6", []string{"localhost"}, "localhost:81", "[::1]:81", true},
		{"localhost is nothing private", []string{"localhost"}, "localhost:81", "10.0.0.1:81", false},
		{"a name is not localhost", []string{"localhost", "shop.example"}, "shop.example:81", "127.0.0.1:81", false},
		{"a network for names", []string{"10.0.0.0/8", "shop.example"}, "shop.example:81", "10.1.2.3:81", true},
		{"the network in mapped form", []string{"10.0.0.0/8", "shop.example"}, "shop.example:81", "[::ffff:10.1.2.3]:81", true},
		{"another network", []string{"10.0.0.0/8", "shop.example"}, "shop.example:81", "192.168.0.1:81", false},
		{"a network is no host", []string{"10.0.0.0/8"}, "10.1.2.3:81", "10.1.2.3:81", false},
		{"no IP address", []string{"shop.example"}, "shop.example:81", "/run/socket", false},
		{"no port", []string{"shop.example"}, "shop.example", "93.184.215.14:81", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := mustHosts(t, test.list...).check(test.asked, test.resolved)
			if (err == nil) != test.want {
				t.Errorf("with %q check(%q, %q) = %v; want it opened: %t", test.list, test.asked, test.resolved, err, test.want)
			}
		})
	}
}

// TestDNSRebinding lets a name lead to a server inside.
func TestDNSRebinding(t *testing.T) {
	inside, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "secret")
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(inside) }()
	defer func() { _, _ = server.Close(), <-served }()
	_, port, _ := net.SplitHostPort(inside.Addr().String())

	tests := []struct {
		name, host string
		list       []string
		want       bool
	}{
		{"a name that leads inside is not dialed", "shop.example", []string{"shop.example"}, false},
		{"nor if the address is listed", "shop.example", []string{"shop.example", "127.0.0.1"}, false},
		{"nor if localhost is", "shop.example", []string{"shop.example", "localhost"}, false},
		{"a name may lead to a listed network", "shop.example", []string{"shop.example", "127.0.0.0/8"}, true},
		{"the listed address is dialed", "127.0.0.1", []string{"127.0.0.1"}, true},
		{"an address that is not listed is not", "127.0.0.1", []string{"shop.example"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := mustHosts(t, test.list...)
			client := &http.Transport{}
			defer client.CloseIdleConnections()
			client.DialContext = h.DialContext(net.Dialer{Resolver: dnstest.Resolver(netip.MustParseAddr("127.0.0.1"))})
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+net.JoinHostPort(test.host, port), nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := client.RoundTrip(r)
			if err == nil {
				_ = res.Body.Close()
			}
			if got := err == nil; got != test.want {
				t.Errorf("GET %s = %v; want it answered: %t", r.URL, err, test.want)
			}
			if err != nil && !errors.As(err, new(*Error)) {
				t.Errorf("GET %s = %v; want an *AddressError", r.URL, err)
			}
		})
	}
}

var errStop = errors.New("stop")

// FuzzIncludeURL lets an include have any address and a name lead anywhere.
// What is dialed is the host that was checked, and never a denied address.
func FuzzIncludeURL(f *testing.F) {
	for i, test := range obfuscations {
		f.Add(test.address, netip.MustParseAddr(addresses[i%len(addresses)].address).AsSlice())
	}
	for _, test := range addresses {
		addr := netip.MustParseAddr(test.address)
		f.Add("https://an.shop.example:8443/cart", addr.AsSlice())
		f.Add("//[2606:2800::1]/", addr.AsSlice())
	}
	h, err := NewAllowList([]string{"shop.example", "*.shop.example:8443", "2606:2800::1", "8.8.8.8"})
	if err != nil {
		f.Fatal(err)
	}
	var dialed string
	client := &http.Transport{}
	client.DialContext = func(_ context.Context, _, address string) (net.Conn, error) {
		dialed = address
		return nil, errStop
	}
	f.Fuzz(func(t *testing.T, address string, to []byte) {
		u, err := Resolve(origin, address)
		if err != nil {
			return
		}
		again, err := Resolve(nil, u.String())
		if err != nil || again.String() != u.String() {
			t.Fatalf("resolveAddress(%q) = %q, which resolves to %v, %v", address, u, again, err)
		}
		if strings.ContainsFunc(u.RequestURI(), func(r rune) bool { return r <= ' ' || r >= 0x7f }) || HasDotSegment(u.Path) {
			t.Fatalf("%q is asked for as %q, which no request line can hold", address, u.RequestURI())
		}
		if !h.Allows(u) {
			return
		}
		dialed = ""
		_, err = client.RoundTrip(&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}})
		if host, port, _ := Authority(u); !errors.Is(err, errStop) || dialed != net.JoinHostPort(host, port) {
			t.Fatalf("%q makes the transport dial %q; want %s and port %s", address, dialed, host, port)
		}
		ip, ok := netip.AddrFromSlice(to)
		if !ok {
			return
		}
		if err := h.check(dialed, netip.AddrPortFrom(ip, 80).String()); err == nil && isInside(ip) {
			t.Errorf("%q, which leads to %s, is dialed", address, ip)
		}
	})
}

// isInside says the same as denied in another way: by what package net knows,
// bits, and the IPv4 address at the end.
func isInside(ip netip.Addr) bool {
	b := ip.As16()
	v4 := b[12:]
	switch {
	case ip.Unmap().Is4(), binary.BigEndian.Uint64(b[:]) == 0x0064ff9b_00000000 && binary.BigEndian.Uint32(b[8:]) == 0:
		a := net.IP(v4)
		return a.IsLoopback() || a.IsPrivate() || a.IsUnspecified() || a.IsMulticast() || a.IsLinkLocalUnicast() ||
			v4[0] == 0 || v4[0] >= 240 || v4[0] == 100 && v4[1]&0xc0 == 64 || v4[0] == 198 && v4[1]&0xfe == 18 ||
			slices.Equal(v4, []byte{168, 63, 129, 16})
	}
	return b[0]&0xe0 != 0x20 || b[0] == 0x20 && b[1] == 0x02 || binary.BigEndian.Uint32(b[:]) == 0x20010000
}
