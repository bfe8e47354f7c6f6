package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"
)

func TestOnlyATrustedProxySaysWhoTheVisitorIs(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	tests := []struct {
		name, peer, forwardedFor, proto string
		want                            string
		secure                          bool
	}{
		{"a proxy", "10.0.0.1:5000", "192.0.2.7", "https", "192.0.2.7:0", true},
		{"a proxy over IPv6", "[fd00::1]:5000", "2001:db8::7", "HTTPS", "[2001:db8::7]:0", true},
		{"a proxy that writes ports", "10.0.0.1:5000", "192.0.2.7:4711", "", "192.0.2.7:0", false},
		{"a proxy that writes brackets", "10.0.0.1:5000", "[2001:db8::7]", "", "[2001:db8::7]:0", false},
		{"an address that is written as IPv6", "[::ffff:10.0.0.1]:5000", "192.0.2.7", "", "192.0.2.7:0", false},
		{"two proxies", "10.0.0.1:5000", "192.0.2.7, 10.0.0.2", "https", "192.0.2.7:0", true},
		{"a visitor who says to be another", "10.0.0.1:5000", "198.51.100.1, 192.0.2.7", "https, http", "192.0.2.7:0", false},
		{"a visitor who says to be a proxy", "10.0.0.1:5000", "10.0.0.9, 192.0.2.7", "", "192.0.2.7:0", false},
		{"a visitor who says nonsense", "10.0.0.1:5000", "nonsense, 192.0.2.7", "", "192.0.2.7:0", false},
		{"nonsense alone", "10.0.0.1:5000", "nonsense", "ftp", "10.0.0.1:5000", false},
		{"nothing", "10.0.0.1:5000", "", "", "10.0.0.1:5000", false},
		{"a proxy's own request", "10.0.0.1:5000", "10.0.0.2", "", "10.0.0.2:0", false},
		{"anybody else", "192.0.2.1:5000", "198.51.100.1", "https", "192.0.2.1:5000", false},
		{"no address at all", "@", "198.51.100.1", "https", "@", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.RemoteAddr = test.peer
			for name, value := range map[string]string{"X-Forwarded-For": test.forwardedFor, "X-Forwarded-Proto": test.proto} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			TrustProxies(trusted, func(string) {}, http.HandlerFunc(func(_ http.ResponseWriter, got *http.Request) {
				if got.RemoteAddr != test.want || (got.TLS != nil) != test.secure {
					t.Errorf("the visitor is %s, by https %v; want %s, %v", got.RemoteAddr, got.TLS != nil, test.want, test.secure)
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

func TestTheAddressOfAVisitorIsThatOfTheConnectionOrWhatATrustedProxySays(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8")}
	tests := []struct{ name, peer, forwardedFor, via, want string }{
		{"a visitor", "192.0.2.1:5000", "", "", "192.0.2.1"},
		{"the visitor of a proxy", "10.0.0.1:5000", "192.0.2.7", "1.1 varnish", "192.0.2.7"},
		{"the visitor of a proxy of this machine", "127.0.0.1:5000", "192.0.2.7", "", "192.0.2.7"},
		{"a proxy that names no visitor", "10.0.0.1:5000", "", "1.1 varnish", "invalid IP"},
		{"a proxy whose visitor is a proxy", "10.0.0.1:5000", "10.0.0.2", "", "invalid IP"},
		{"a proxy that is not trusted", "192.0.2.1:5000", "198.51.100.1", "", "invalid IP"},
		{"a proxy that is not trusted, and names no visitor", "192.0.2.1:5000", "", "1.1 varnish", "invalid IP"},
		{"a program of this machine", "[::1]:5000", "", "", "invalid IP"},
		{"no address at all", "@", "", "", "invalid IP"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.RemoteAddr = test.peer
			for name, value := range map[string]string{"X-Forwarded-For": test.forwardedFor, "Via": test.via} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			TrustProxies(trusted, func(string) {}, http.HandlerFunc(func(_ http.ResponseWriter, got *http.Request) {
				if addr := ClientAddress(got).String(); addr != test.want {
					t.Errorf("clientAddress() = %s; want %s", addr, test.want)
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

func TestAnUntrustedProxyIsToldOfOnce(t *testing.T) {
	var told []string
	h := TrustProxies([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, func(peer string) { told = append(told, peer) }, http.NotFoundHandler())
	ask := func(peer, field string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = peer
		if field != "" {
			r.Header.Set(field, "192.0.2.7")
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	ask("192.0.2.1:5000", "")
	ask("10.0.0.1:5000", "X-Forwarded-For")
	if len(told) > 0 {
		t.Errorf("told of %q after a visitor and a trusted proxy; want nothing", told)
	}
	ask("192.0.2.1:5000", "Via")
	ask("192.0.2.2:5000", "X-Forwarded-For")
	if want := []string{"192.0.2.1:5000"}; !slices.Equal(told, want) {
		t.Errorf("told of %q; want %q", told, want)
	}
}
