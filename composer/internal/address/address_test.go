package address

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

// origin is where the documents of these tests come from.
var origin = &url.URL{Scheme: "http", Host: "origin.example:9000", Path: "/shop/page", RawQuery: "id=1"}

func TestResolveAddress(t *testing.T) {
	tests := []struct{ name, address, want string }{
		{"a name beside the document", "cart", "http://origin.example:9000/shop/cart"},
		{"a path", "/cart", "http://origin.example:9000/cart"},
		{"a query alone", "?id=2", "http://origin.example:9000/shop/page?id=2"},
		{"an empty query", "?", "http://origin.example:9000/shop/page"},
		{"a folder above", "../cart", "http://origin.example:9000/cart"},
		{"more folders above than there are", "../../../cart", "http://origin.example:9000/cart"},
		{"dot segments within", "/a/./b/../c", "http://origin.example:9000/a/c"},
		{"dots at the end", "/a/b/..", "http://origin.example:9000/a/"},
		{"dots that are no segment", "/a/..b/c.../.d", "http://origin.example:9000/a/..b/c.../.d"},
		{"another host", "http://other.example/cart", "http://other.example/cart"},
		{"another scheme", "https://other.example/cart", "https://other.example/cart"},
		{"a host without a scheme", "//other.example/cart", "http://other.example/cart"},
		{"a host without a path", "http://other.example", "http://other.example/"},
		{"a host with a query only", "http://other.example?a=b", "http://other.example/?a=b"},
		{"capitals", "HTTP://Other.EXAMPLE/Cart", "http://other.example/Cart"},
		{"the port that is meant anyway", "http://other.example:80/", "http://other.example/"},
		{"the same for https", "https://other.example:443/", "https://other.example/"},
		{"a port of the other scheme", "https://other.example:80/", "https://other.example:80/"},
		{"a port that is empty", "http://other.example:/", "http://other.example/"},
		{"an IPv4 address", "http://192.0.2.1:8080/", "http://192.0.2.1:8080/"},
		{"an IPv6 address", "http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"},
		{"a name that begins with a digit", "http://1st.example/", "http://1st.example/"},
		{"a name in Punycode", "http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"},
		{"what follows # is for browsers", "/cart#top", "http://origin.example:9000/cart"},
		{"a # hides no host", "http://other.example#@evil.example/", "http://other.example/"},
		{"spaces around it", "  /cart  ", "http://origin.example:9000/cart"},
		{"a space in a path", "/my cart", "http://origin.example:9000/my%20cart"},
		{"a space beside an encoded slash", "/a%2Fb c", "http://origin.example:9000/a%2Fb%20c"},
		{"a space in a query", "/cart?a HTTP/1.1", "http://origin.example:9000/cart?a%20HTTP/1.1"},
		{"letters that are not ASCII", "/café?q=é", "http://origin.example:9000/caf%C3%A9?q=%C3%A9"},
		{"bytes that no URL has", "/<a>\"{b}|^`", "http://origin.example:9000/%3Ca%3E%22%7Bb%7D%7C%5E%60"},
		{"a backslash in a query", `/a?b=\c`, `http://origin.example:9000/a?b=%5Cc`},
		{"line ends that are encoded in a query", "/a?b=%0d%0a", "http://origin.example:9000/a?b=%0d%0a"},
		{"a host in a query", "/a?next=//evil.example/", "http://origin.example:9000/a?next=//evil.example/"},
		{"an @ in a path", "/@user/x", "http://origin.example:9000/@user/x"},
		{"two slashes within a path", "/a//b", "http://origin.example:9000/a//b"},
		{"a percent sign that is encoded", "/%252e%252e/a", "http://origin.example:9000/%252e%252e/a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Resolve(origin, test.address)
			if err != nil || got.String() != test.want {
				t.Errorf("resolveAddress(%q) = %v, %v; want %q", test.address, got, err, test.want)
			}
		})
	}
}

func TestAddressesOfADocumentFromNowhere(t *testing.T) {
	tests := []struct{ name, address, want string }{
		{"a whole one is enough", "http://other.example/a/../b", "http://other.example/b"},
		{"a path is not", "/cart", "it is relative, but to nothing"},
		{"a host is not", "//other.example/cart", "it has no scheme"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := Resolve(nil, test.address)
			var refused *Error
			if errors.As(err, &refused) && refused.Reason == test.want {
				return
			}
			if err != nil || u.String() != test.want {
				t.Errorf("resolveAddress(nil, %q) = %v, %v; want %q", test.address, u, err, test.want)
			}
		})
	}
}

// The reasons for which an address is refused.
const (
	notPlain   = "its host is no plain name or address"
	notURL     = "it is no URL"
	noHost     = "it has no host"
	withUser   = "it has a user's name before its host"
	backslash  = `it has a \, which some read as /`
	control    = "it has a control character"
	hiddenDots = "its path has a . or .. segment in disguise"
	hiddenCtl  = "its path has an encoded control character"
	otherThing = "only http and https are asked"
)

// obfuscations are ways to write an address so that who checks it and who asks
// for it may see different hosts or paths.
var obfuscations = []struct{ name, address, reason string }{
	{"the user's name is the allowed host", "http://allowed.example@evil.example/", withUser},
	{"an allowed host with a password", "http://allowed.example:80@evil.example/", withUser},
	{"a user at an allowed host", "http://evil@allowed.example/", withUser},
	{"an empty user", "http://@allowed.example/", withUser},
	{"an empty user and password", "http://:@allowed.example/", withUser},
	{"two at signs", "http://a@allowed.example@evil.example/", withUser},
	{"a user without a scheme", "//evil@allowed.example/", withUser},
	{"an encoded at sign", "http://allowed.example%40evil.example/", notURL},
	{"an encoded slash in the host", "http://allowed.example%2fevil.example/", notURL},
	{"an encoded # in the host", "http://allowed.example%23evil.example/", notURL},
	{"an encoded NUL in the host", "http://allowed.example%00evil.example/", notURL},
	{"an encoded letter in the host", "http://%61llowed.example/", notURL},
	{"an encoded dot in the host", "http://127%2e0.0.1/", notURL},
	{"an encoded percent sign in the host", "http://allowed%25.example/", notPlain},

	{"a backslash before the host", `http:\\evil.example/`, backslash},
	{"a slash and a backslash", `/\evil.example/`, backslash},
	{"two backslashes", `\\evil.example/`, backslash},
	{"a backslash after the allowed host", `http://allowed.example\@evil.example/`, backslash},
	{"a backslash in the path", `/a\..\b`, backslash},

	{"bytes after an IPv6 address", "http://[::1]x/", notURL},
	{"a name after an IPv6 address", "http://[::1].allowed.example/", notURL},
	{"a name before an IPv6 address", "http://allowed.example[::1]/", notURL},
	{"an IPv6 address that does not end", "http://[::1/", notURL},
	{"an IPv6 address without brackets", "http://::1/", notURL},
	{"empty brackets", "http://[]/", notURL},
	{"a name in brackets", "http://[allowed.example]/", notURL},
	{"an IPv4 address in brackets", "http://[127.0.0.1]/", notURL},
	{"a future address", "http://[v1.fe80]/", notURL},
	{"a zone", "http://[fe80::1%25eth0]/", notPlain},
	{"a zone that is not encoded", "http://[fe80::1%eth0]/", notURL},
	{"a zone on loopback", "http://[::1%25lo]/", notPlain},
	{"an empty zone", "http://[::1%25]/", notURL},
	{"loopback in full", "http://[0:0:0:0:0:0:0:1]/", notPlain},
	{"loopback with leading zeros", "http://[::0001]/", notPlain},
	{"an address with zeros in the middle", "http://[2001:db8:0:0:0:0:0:1]/", notPlain},
	{"a mapped IPv4 address", "http://[::ffff:10.0.0.1]/", notPlain},
	{"a mapped IPv4 address in hexadecimal", "http://[::ffff:a00:1]/", notPlain},
	{"a mapped loopback address", "http://[::ffff:127.0.0.1]/", notPlain},
	{"a mapped address of the internet", "http://[::ffff:8.8.8.8]/", notPlain},
	{"a mapped address in full", "http://[0:0:0:0:0:ffff:7f00:1]/", notPlain},
	{"a compatible IPv4 address", "http://[::127.0.0.1]/", notPlain},
	{"a compatible IPv4 address in hexadecimal", "http://[::7f00:1]/", notPlain},
	{"a translated IPv4 address", "http://[::ffff:0:7f00:1]/", notPlain},
	{"the unspecified IPv6 address", "http://[::]/", notPlain},
	{"NAT64", "http://[64:ff9b::10.0.0.1]/", notPlain},
	{"NAT64 in hexadecimal", "http://[64:ff9b::a9fe:a9fe]/", notPlain},
	{"NAT64 of the internet", "http://[64:ff9b::808:808]/", notPlain},
	{"NAT64 of one network", "http://[64:ff9b:1::a00:1]/", notPlain},
	{"6to4", "http://[2002:a00:1::]/", notPlain},
	{"6to4 of loopback", "http://[2002:7f00:1::1]/", notPlain},
	{"Teredo", "http://[2001:0:7f00:1::1]/", notPlain},

	{"a dot after the name", "http://allowed.example./", notPlain},
	{"a dot after localhost", "http://localhost./", notPlain},
	{"a dot after an IPv4 address", "http://127.0.0.1./", notPlain},
	{"two dots after the name", "http://allowed.example../", notPlain},
	{"a dot before the name", "http://.allowed.example/", notPlain},
	{"an empty label", "http://allowed..example/", notPlain},
	{"nothing but a dot", "http://./", notPlain},

	{"IPv4 as one decimal number", "http://2130706433/", notPlain},
	{"IPv4 as a number that overflows", "http://6425673729/", notPlain},
	{"IPv4 as one octal number", "http://017700000001/", notPlain},
	{"IPv4 as one hexadecimal number", "http://0x7f000001/", notPlain},
	{"IPv4 as a long hexadecimal number", "http://0x00000000007f000001/", notPlain},
	{"IPv4 with an octal byte", "http://0177.0.0.1/", notPlain},
	{"IPv4 with octal bytes", "http://0177.00.00.01/", notPlain},
	{"IPv4 with a hexadecimal byte", "http://0x7f.0.0.1/", notPlain},
	{"IPv4 with hexadecimal bytes", "http://0x7f.0x0.0x0.0x1/", notPlain},
	{"IPv4 with capital hexadecimal", "http://0X7F.0X0.0X0.0X1/", notPlain},
	{"IPv4 in two mixed parts", "http://0x7f.1/", notPlain},
	{"IPv4 in two parts", "http://127.1/", notPlain},
	{"IPv4 in three parts", "http://127.0.1/", notPlain},
	{"IPv4 in five parts", "http://127.0.0.0.1/", notPlain},
	{"IPv4 with leading zeros", "http://127.000.000.001/", notPlain},
	{"IPv4 with a byte too large", "http://127.0.0.257/", notPlain},
	{"IPv4 with a negative byte", "http://127.0.0.-1/", notPlain},
	{"zero", "http://0/", notPlain},
	{"zero in hexadecimal", "http://0x0/", notPlain},
	{"the metadata address as a number", "http://2852039166/", notPlain},
	{"the metadata address in octal", "http://0251.0376.0251.0376/", notPlain},
	{"a public address as a number", "http://134744072/", notPlain},
	{"a number as the last label", "http://allowed.example.1/", notPlain},
	{"a hexadecimal last label", "http://allowed.0x7f/", notPlain},

	{"full-width digits", "http://１２７.０.０.１/", notPlain},
	{"a full-width letter", "http://ａllowed.example/", notPlain},
	{"digits in circles", "http://①②⑦.⓪.⓪.①/", notPlain},
	{"an ideographic full stop", "http://127。0。0。1/", notPlain},
	{"a half-width full stop", "http://allowed｡example/", notPlain},
	{"a full-width slash", "http://allowed.example／evil.example/", notPlain},
	{"a full-width @", "http://allowed.example＠evil.example/", notPlain},
	{"an account-of sign", "http://evil.c℀.example/", notPlain},
	{"a Kelvin sign", "http://\u212aing.example/", notPlain},
	{"a long s", "http://acceſs.example/", notPlain},
	{"a sharp s", "http://faß.example/", notPlain},
	{"a Cyrillic letter", "http://аllowed.example/", notPlain},
	{"a soft hyphen", "http://allo\u00adwed.example/", notPlain},
	{"a zero-width space", "http://allowed\u200b.example/", notPlain},
	{"a right-to-left mark", "http://\u202eallowed.example/", notPlain},
	{"UTF-8 that is encoded", "http://%EF%BD%81llowed.example/", notPlain},
	{"bytes that are no UTF-8", "http://allowed\xff.example/", notPlain},

	{"an underscore", "http://allowed_.example/", notPlain},
	{"a hyphen first", "http://-allowed.example/", notPlain},
	{"a hyphen last", "http://allowed-.example/", notPlain},
	{"a wildcard", "http://*.allowed.example/", notPlain},
	{"an exclamation mark", "http://allowed!.example/", notPlain},
	{"a comma", "http://allowed.example,evil.example/", notPlain},
	{"a semicolon", "http://allowed.example;evil.example/", notPlain},
	{"an ampersand", "http://allowed.example&evil.example/", notPlain},
	{"a space in the host", "http://allowed.example evil.example/", notURL},
	{"a space before the host", "http:// allowed.example/", notURL},
	{"a label of 64 letters", "http://" + strings.Repeat("a", 64) + ".example/", notPlain},
	{"a name of 254 letters", "http://" + strings.Repeat("a.", 126) + "aa/", notPlain},

	{"two ports", "http://allowed.example:80:8080/", notURL},
	{"a port that is a word", "http://allowed.example:http/", notURL},
	{"a port with a sign", "http://allowed.example:+80/", notURL},
	{"a port with leading zeros", "http://allowed.example:00080/", notPlain},
	{"port 0", "http://allowed.example:0/", notPlain},
	{"a port that overflows to 80", "http://allowed.example:65616/", notPlain},
	{"a port with full-width digits", "http://allowed.example:８０/", notURL},
	{"a port without a host", "http://:80/", notPlain},

	{"a host that is empty", "http:///etc/passwd", noHost},
	{"a host that is empty, without a scheme", "///evil.example/", noHost},
	{"nothing after two slashes", "//", noHost},
	{"one slash after the scheme", "http:/evil.example/", noHost},
	{"no slash after the scheme", "http:evil.example/", noHost},
	{"a scheme alone", "http:", noHost},
	{"a file", "file:///etc/passwd", otherThing},
	{"a file on a host", "file://allowed.example/x", otherThing},
	{"gopher", "gopher://allowed.example/_x", otherThing},
	{"ftp", "ftp://allowed.example/", otherThing},
	{"data", "data:text/html,x", otherThing},
	{"a script", "javascript:alert(1)", otherThing},
	{"a WebSocket", "ws://allowed.example/", otherThing},
	{"a jar", "jar:http://allowed.example/!/", otherThing},
	{"a scheme that begins like ours", "httpx://allowed.example/", otherThing},
	{"a space in the scheme", "ht tp://allowed.example/", notURL},

	{"a line feed in the host", "http://allowed\n.example/", control},
	{"a carriage return and a header", "/a HTTP/1.1\r\nX: y", control},
	{"a line feed in the query", "/a?b=\nX: y", control},
	{"a tab before the host", "\thttp://evil.example/", control},
	{"a tab in the scheme", "ht\ttp://evil.example/", control},
	{"a NUL", "/a\x00b", control},
	{"a DEL", "/a\x7fb", control},
	{"an encoded NUL in the path", "/a%00.html", hiddenCtl},
	{"an encoded line end in the path", "/a%0d%0aX:%20y", hiddenCtl},

	{"encoded dots", "/a/%2e%2e/b", hiddenDots},
	{"encoded dots in capitals", "/a/%2E%2E/b", hiddenDots},
	{"one dot encoded", "/a/.%2e/b", hiddenDots},
	{"the other dot encoded", "/a/%2e./b", hiddenDots},
	{"an encoded single dot", "/a/%2e/b", hiddenDots},
	{"encoded dots before plain ones", "/a/%2e%2e/../b", hiddenDots},
	{"dots before an encoded slash", "/a/..%2fb", hiddenDots},
	{"dots after an encoded slash", "/a/b%2f..", hiddenDots},
	{"dots between encoded backslashes", "/a/b%5c..%5cc", hiddenDots},
	{"dots with a parameter", "/a/..;x=y/b", hiddenDots},
	{"encoded dots at another host", "http://allowed.example/%2e%2e/b", hiddenDots},
	{"relative encoded dots", "%2e%2e/b", hiddenDots},
	{"bad encoding in a path", "/%zz", notURL},
	{"half an encoding in a path", "/a%2", notURL},

	{"nothing", "", "it is empty"},
	{"spaces", "   ", "it is empty"},
	{"a part of the same document", "#part", "it is empty"},
	{"more than 8 KiB", "/a?" + strings.Repeat("b", 8<<10), "it is longer than 8192 bytes"},
	{"more than 8 KiB once it is encoded", "/a?" + strings.Repeat("é", 3<<10), "it is longer than 8192 bytes"},
}

func TestObfuscatedAddressesAreRefused(t *testing.T) {
	for _, test := range obfuscations {
		t.Run(test.name, func(t *testing.T) {
			u, err := Resolve(origin, test.address)
			var refused *Error
			if !errors.As(err, &refused) || refused.Reason != test.reason {
				t.Fatalf("resolveAddress(%.80q) = %v, %v; want %q", test.address, u, err, test.reason)
			}
			if len(err.Error()) > 400 {
				t.Errorf("error %q has %d bytes; want a short one", err, len(err.Error()))
			}
		})
	}
}

func TestNoPasswordIsInAnError(t *testing.T) {
	for _, address := range []string{"http://user:secret@allowed.example/", "//user:secret@allowed example/", "http://user:secret@/"} {
		_, err := Resolve(origin, address)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("resolveAddress(%q) = %v; want an error without the password", address, err)
		}
	}
}
