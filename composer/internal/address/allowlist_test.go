package address

import (
	"net/url"
	"testing"
)

func mustHosts(t testing.TB, entries ...string) *AllowList {
	t.Helper()
	h, err := NewAllowList(entries)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAllowedHosts(t *testing.T) {
	tests := []struct {
		name, entry, address string
		want                 bool
	}{
		{"a name", "other.example", "http://other.example/cart", true},
		{"a name in capitals", "Other.EXAMPLE", "http://oTHER.example/", true},
		{"a name by https", "other.example", "https://other.example/", true},
		{"any port of a name", "other.example", "http://other.example:8080/", true},
		{"a longer name", "other.example", "http://an.other.example/", false},
		{"a name that ends alike", "other.example", "http://another.example/", false},
		{"a name that goes on", "other.example", "http://other.example.evil/", false},
		{"the name in the path", "other.example", "http://evil.example/other.example", false},
		{"a port", "other.example:8080", "http://other.example:8080/", true},
		{"a port by https", "other.example:8080", "https://other.example:8080/", true},
		{"another port", "other.example:8080", "http://other.example/", false},
		{"the default port", "other.example:80", "http://other.example/", true},
		{"the default port of https", "other.example:443", "https://other.example/", true},
		{"a default port of the other scheme", "other.example:80", "https://other.example/", false},
		{"a scheme", "https://other.example", "https://other.example/", true},
		{"a scheme and its port", "https://other.example", "https://other.example:443/", true},
		{"another scheme", "https://other.example", "http://other.example/", false},
		{"a scheme and another port", "https://other.example/", "https://other.example:8443/", false},
		{"a scheme and a port", "http://other.example:81", "http://other.example:81/", true},
		{"names below", "*.other.example", "http://an.other.example/", true},
		{"names far below", "*.other.example", "http://a.b.c.other.example/", true},
		{"not the name itself", "*.other.example", "http://other.example/", false},
		{"not a name that ends alike", "*.other.example", "http://another.example/", false},
		{"names below with a port", "*.other.example:81", "http://an.other.example:81/", true},
		{"names below with a scheme", "https://*.other.example", "https://an.other.example/", true},
		{"no address below", "*.example", "http://1.2.3.4.example.1/", false},
		{"an address", "10.0.0.5", "http://10.0.0.5:8080/", true},
		{"another address", "10.0.0.5", "http://10.0.0.6/", false},
		{"the same address, mapped", "10.0.0.5", "http://[::ffff:10.0.0.5]/", false},
		{"an IPv6 address", "fd00::1", "http://[fd00::1]:81/", true},
		{"an IPv6 address in brackets", "[FD00::1]:81", "http://[fd00::1]:81/", true},
		{"another port of an IPv6 address", "[fd00::1]:81", "http://[fd00::1]:82/", false},
		{"localhost", "localhost", "http://localhost:9001/", true},
		{"a name below localhost", "localhost", "http://a.localhost/", false},
		{"the address of localhost", "localhost", "http://127.0.0.1/", false},
		{"a network is no host", "10.0.0.0/8", "http://10.0.0.5/", false},
		{"another scheme altogether", "other.example", "ftp://other.example/", false},
		{"a user", "other.example", "http://a@other.example/", false},
		{"a dot at the end", "other.example", "http://other.example./", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := url.Parse(test.address)
			if err != nil {
				t.Fatal(err)
			}
			if got := mustHosts(t, test.entry).Allows(u); got != test.want {
				t.Errorf("with %q allows(%q) = %t; want %t", test.entry, test.address, got, test.want)
			}
			if (&AllowList{}).Allows(u) {
				t.Errorf("an empty list allows %q", test.address)
			}
		})
	}
}

// generous is a list that has whatever the obfuscations stand for.
var generous = []string{
	"allowed.example", "*.allowed.example", "*.example", "evil.example", "localhost", "127.0.0.1", "127.0.0.0/8", "0.0.0.0",
	"10.0.0.1", "169.254.169.254", "8.8.8.8", "::1", "fe80::1", "0.0.0.0/0", "::/0",
}

// What no include may have is not allowed either, should somebody parse it in
// another way.
func TestNoListAllowsAnObfuscation(t *testing.T) {
	h := mustHosts(t, generous...)
	for _, test := range obfuscations {
		if test.reason != notPlain && test.reason != withUser && test.reason != otherThing {
			continue
		}
		if u, err := origin.Parse(test.address); err == nil && h.Allows(u) {
			t.Errorf("%s: allows(%q) = true; want false", test.name, test.address)
		}
	}
}

func TestWhatCannotBeAllowed(t *testing.T) {
	entries := []string{
		"", " ", "*", "*.", "*.*.example", "a.*.example", "*.10.0.0.1", "*.[::1]", "other.example/path", "other.example?a", "other.example#a",
		"user@other.example", "ftp://other.example", "http://", "//other.example", "other.example.", ".example", "other example",
		"other.example:0", "other.example:65536", "other.example:http", "127.1", "2130706433", "0x7f.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0",
		"64:ff9b::a00:1", "10.0.0.0/33", "bücher.example", "my_service",
	}
	for _, entry := range entries {
		if h, err := NewAllowList([]string{entry}); err == nil {
			t.Errorf("newHosts(%q) = %+v; want an error", entry, h)
		}
	}
}

func TestSameOrigin(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"the same", "http://origin:9000/a", "http://origin:9000/b?c", true},
		{"capitals", "http://Origin/", "http://origin/", true},
		{"a port that is meant anyway", "https://origin:443/", "https://origin/", true},
		{"another port", "http://origin:9000/", "http://origin:9001/", false},
		{"another scheme", "http://origin/", "https://origin/", false},
		{"another scheme on the same port", "http://origin:443/", "https://origin/", false},
		{"another host", "http://origin/", "http://origin.evil/", false},
		{"another way to write the host", "http://localhost/", "http://127.0.0.1/", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, errA := url.Parse(test.a)
			b, errB := url.Parse(test.b)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if got := SameOrigin(a, b); got != test.want {
				t.Errorf("sameOrigin(%q, %q) = %t; want %t", test.a, test.b, got, test.want)
			}
		})
	}
}
