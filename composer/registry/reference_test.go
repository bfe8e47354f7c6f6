package registry

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selvedge/composer/internal/address"
)

func TestParseReference(t *testing.T) {
	tests := []struct {
		name, text             string
		fragment, path, query  string
		constraint, roundTrips string // roundTrips: what String returns, if not text
	}{
		{"a name and a path", "/fragments/cart/mini", "cart", "/mini", "", "", ""},
		{"the root", "/fragments/cart/", "cart", "/", "", "", ""},
		{"a query", "/fragments/cart/mini?a=1&b=/?", "cart", "/mini", "a=1&b=/?", "", ""},
		{"an empty query is none", "/fragments/cart/mini?", "cart", "/mini", "", "", "/fragments/cart/mini"},
		{"a constraint", "/fragments/cart@^1.2/mini", "cart", "/mini", "", "^1.2", "/fragments/cart@%5E1.2/mini"},
		{"an encoded constraint", "/fragments/cart@%3E=1%20%3C3/mini", "cart", "/mini", "", ">=1 <3", "/fragments/cart@%3E=1%20%3C3/mini"},
		{"an encoded name", "/fragments/c%61rt/mini", "cart", "/mini", "", "", "/fragments/cart/mini"},
		{"an encoded slash stays in its segment", "/fragments/cart/a%2Fb", "cart", "/a%2Fb", "", "", ""},
		{"an encoded percent sign stays one", "/fragments/cart/%252e%252e/b", "cart", "/%252e%252e/b", "", "", ""},
		{"two slashes make no host", "/fragments/cart//host/a", "cart", "//host/a", "", "", ""},
		{"a space in a query is escaped", "/fragments/cart/mini?a HTTP/1.1", "cart", "/mini", "a%20HTTP/1.1", "", "/fragments/cart/mini?a%20HTTP/1.1"},
		{"so is a byte that is no ASCII", "/fragments/cart/mini?é", "cart", "/mini", "%C3%A9", "", "/fragments/cart/mini?%C3%A9"},
		{"and a backslash in a path", `/fragments/cart/a\b`, "cart", "/a%5Cb", "", "", "/fragments/cart/a%5Cb"},
		{"what follows # is for browsers", "/fragments/cart/mini#top", "cart", "/mini", "", "", "/fragments/cart/mini"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ref, err := ParseReference(test.text)
			if err != nil {
				t.Fatalf("ParseReference(%q) = %v", test.text, err)
			}
			constraint := ""
			if ref.Constraint != nil {
				constraint = ref.Constraint.String()
			}
			if ref.Name != test.fragment || ref.Path != test.path || ref.Query != test.query || constraint != test.constraint {
				t.Errorf("ParseReference(%q) = %q %q %q %q; want %q %q %q %q", test.text,
					ref.Name, constraint, ref.Path, ref.Query, test.fragment, test.constraint, test.path, test.query)
			}
			want := test.roundTrips
			if want == "" {
				want = test.text
			}
			if got := ref.String(); got != want {
				t.Errorf("String of %q = %q; want %q", test.text, got, want)
			}
		})
	}
}

var noReferences = []struct{ name, text, reason string }{
	{"nothing", "", "it does not begin with /fragments/"},
	{"another path", "/cart/mini", "it does not begin with /fragments/"},
	{"another host", "//evil/fragments/cart/mini", "it does not begin with /fragments/"},
	{"another scheme", "http://evil/fragments/cart/mini", "it does not begin with /fragments/"},
	{"a reserved one", "/-/answer", "it does not begin with /fragments/"},
	{"no name", "/fragments/", "no path follows the name"},
	{"no path", "/fragments/cart", "no path follows the name"},
	{"a slash that is encoded", "/fragments/cart%2Fmini", "no path follows the name"},
	{"an empty name", "/fragments//mini", "a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen"},
	{"an encoded prefix", "/%66ragments/cart/mini", "a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen"},
	{"a slash in the name", "/fragments/a%2Fb/mini", "a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen"},
	{"capitals", "/fragments/Cart/mini", "a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen"},
	{"a hyphen first", "/fragments/-cart/mini", "a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen"},
	{"a long name", "/fragments/" + strings.Repeat("a", 65) + "/x", "a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen"},
	{"no constraint", "/fragments/cart@new/mini", `"new" is no constraint on a version`},
	{"a dot segment", "/fragments/cart/./mini", "its path has a . or .. segment"},
	{"two dots", "/fragments/cart/../admin/x", "its path has a . or .. segment"},
	{"encoded dots", "/fragments/cart/%2e%2E/admin", "its path has a . or .. segment"},
	{"dots before an encoded slash", "/fragments/cart/..%2fadmin", "its path has a . or .. segment"},
	{"dots at the end", "/fragments/cart/a/..", "its path has a . or .. segment"},
	{"dots in place of a name", "/fragments/../cart/x", "its path has a . or .. segment"},
	{"a line feed", "/fragments/cart/a\nb", "it is no URL"},
	{"a carriage return in the query", "/fragments/cart/a?b\r\nX: y", "it is no URL"},
	{"bad encoding", "/fragments/cart/%zz", "it is no URL"},
	{"more than 8 KiB", "/fragments/cart/a?" + strings.Repeat("b", 8<<10), "it is longer than 8192 bytes"},
}

func TestWhatIsNoReference(t *testing.T) {
	for _, test := range noReferences {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseReference(test.text)
			var reference *ReferenceError
			if !errors.As(err, &reference) || reference.Reason != test.reason {
				t.Errorf("ParseReference(%.80q) = %v; want %q", test.text, err, test.reason)
			}
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("error %q has %d bytes; want a short one", err, len(err.Error()))
			}
			if name := NameOf(test.text); name != "" {
				t.Errorf("nameOf(%.80q) = %q; want none", test.text, name)
			}
		})
	}
}

// A reference that parses comes back from its own text, keeps to its fragment
// and its source's host, and fits into a request line.
func FuzzParseReference(f *testing.F) {
	for _, test := range noReferences {
		f.Add(test.text)
	}
	for _, text := range []string{"/fragments/cart@>=1.0 <2 || 3.x/mini?a=b c", "/fragments/cart//h/%2e%2e%2f?#", "/fragments/c%61rt@*/%C3%A9"} {
		f.Add(text)
	}
	base := &url.URL{Scheme: "http", Host: "cart.internal:80", Path: "/base/"}
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := ParseReference(text)
		if err != nil {
			return
		}
		again, err := ParseReference(ref.String())
		if err != nil || again.String() != ref.String() || again.Name != ref.Name || again.Path != ref.Path || again.Query != ref.Query {
			t.Errorf("ParseReference(%q) = %q, which parses as %q, %v", text, ref, again, err)
		}
		if NameOf(text) != ref.Name {
			t.Errorf("nameOf(%q) = %q; want %q", text, NameOf(text), ref.Name)
		}
		there, err := Source{URL: base}.Locate(ref.RequestURI())
		if err != nil || there.Host != base.Host || there.Fragment != "" || !strings.HasPrefix(there.Path, "/base/") || address.HasDotSegment(there.Path) {
			t.Errorf("%q is asked for at %q, %v; want it below %q", text, there, err, base)
		}
		here, err := Source{Handler: http.NotFoundHandler()}.Locate(ref.RequestURI())
		if err != nil || here.Host != "" || here.RequestURI() != ref.RequestURI() {
			t.Errorf("%q is asked for as %q, %v; want %q", text, here, err, ref.RequestURI())
		}
		if strings.ContainsFunc(ref.RequestURI(), func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			t.Errorf("the target of %q is %q, which no request line can hold", text, ref.RequestURI())
		}
	})
}
