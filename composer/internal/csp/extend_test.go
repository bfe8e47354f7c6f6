package csp_test

import (
	"testing"

	"selvedge/composer/internal/csp"
)

func TestExtend(t *testing.T) {
	const cdn = "https://cdn.example"
	tests := []struct{ name, policy, directive, want string }{
		{"a directive", "img-src 'self'; font-src 'self'", "img-src", "img-src 'self' " + cdn + "; font-src 'self'"},
		{"none", "default-src 'self'; img-src 'none'", "img-src", "default-src 'self'; img-src " + cdn},
		{"the same host", "img-src " + cdn, "img-src", "img-src " + cdn},
		{"no directive, and a default", "default-src 'self';", "img-src", "default-src 'self'; img-src 'self' " + cdn},
		{"no directive, and no default", "script-src 'self'", "img-src", "script-src 'self'"},
		{"a fallback before the default", "default-src 'none'; child-src 'self'", "frame-src", "default-src 'none'; child-src 'self'; frame-src 'self' " + cdn},
		{"a directive without a fallback", "default-src 'none'", "form-action", "default-src 'none'"},
		{"two directives, of which the first counts", "img-src a; img-src b", "img-src", "img-src a " + cdn + "; img-src b"},
		{"two policies", "img-src 'self', default-src 'none'", "img-src", "img-src 'self' " + cdn + ", default-src 'none'; img-src " + cdn},
		{"capitals", "IMG-SRC 'NONE'", "img-src", "img-src " + cdn},
		{"an empty policy", "", "img-src", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := csp.Extend(test.policy, test.directive, []string{cdn}); got != test.want {
				t.Errorf("Extend(%q, %q) = %q; want %q", test.policy, test.directive, got, test.want)
			}
		})
	}
}

func TestCovers(t *testing.T) {
	tests := []struct {
		pattern, source string
		want            bool
	}{
		{"https://cdn.example", "https://cdn.example", true},
		{"https://cdn.example", "HTTPS://CDN.example", true},
		{"https://cdn.example", "https://cdn.example/images/", true},
		{"https://cdn.example", "http://cdn.example", false},
		{"https://cdn.example", "cdn.example", false},
		{"https://cdn.example", "https://cdn.example:8443", false},
		{"https://cdn.example:*", "https://cdn.example:8443", true},
		{"https://cdn.example", "https://cdn.example.evil.example", false},
		{"https://cdn.example", "https://*.cdn.example", false},
		{"https://*.cdn.example", "https://a.cdn.example", true},
		{"https://*.cdn.example", "https://a.b.cdn.example", true},
		{"https://*.cdn.example", "https://*.cdn.example", true},
		{"https://*.cdn.example", "https://*.b.cdn.example", true},
		{"https://*.cdn.example", "https://cdn.example", false},
		{"https://*.cdn.example", "https://evilcdn.example", false},
		{"https://*.cdn.example", "https://*.example", false},
		{"https://cdn.example/images/", "https://cdn.example/images/a.png", true},
		{"https://cdn.example/images/", "https://cdn.example/images/../a.png", false},
		{"https://cdn.example/images/", "https://cdn.example/images/%2e%2e/a.png", false},
		{"https://cdn.example/images/", "https://cdn.example", false},
		{"*", "https://cdn.example", false},
		{"https:", "https://cdn.example", false},
		{"https://cdn.example", "'unsafe-inline'", false},
		{"https://cdn.example", "https://cdn.example; script-src *", false},
		{"https://cdn.example", "https://cdn.example, *", false},
	}
	for _, test := range tests {
		if got := csp.Covers(test.pattern, test.source); got != test.want {
			t.Errorf("Covers(%q, %q) = %t; want %t", test.pattern, test.source, got, test.want)
		}
	}
}

func TestIsHost(t *testing.T) {
	for source, want := range map[string]bool{
		"https://cdn.example": true, "cdn.example": true, "*.cdn.example:8443": true, "wss://live.example": true, "https://[::1]:80": true,
		"https://cdn.example/images/": true, "*": false, "https:": false, "'self'": false, "'unsafe-inline'": false, "'nonce-a'": false, "": false,
		"data:": false, "javascript://a": false, "https://a b": false, "https://a;b": false, "https://a,b": false, "https://*": false, "a*b": false, "https://a@b": false,
	} {
		if got := csp.IsHost(source); got != want {
			t.Errorf("IsHost(%q) = %t; want %t", source, got, want)
		}
	}
}
