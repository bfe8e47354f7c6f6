package composer_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// askFor sends a request with a target that net/url would write in another way.
func (s *site) askFor(t *testing.T, target string) {
	t.Helper()
	got := s.raw(t, "GET "+target+" HTTP/1.1\nHost: shop.example\nConnection: close\n\n")
	if status, _, _ := strings.Cut(got, "\r\n"); status != "HTTP/1.1 200 OK" {
		t.Errorf("GET %s is answered with %q; want 200", target, status)
	}
}

// TestAnAddressWithBytesToEscapeIsOne asks for it as it is and escaped: the
// encoded slash stays one, the answer is stored once, and a purge in either
// form drops it.
func TestAnAddressWithBytesToEscapeIsOne(t *testing.T) {
	tests := []struct {
		name   string
		forms  []string // of one address
		want   string   // that the origin is asked for
		purges []string
		prefix string
		others []string // that a purge of drops nothing
	}{
		{
			name: "a path", forms: []string{"/a%2Fb|c", "/a%2Fb%7Cc"}, want: "/a%2Fb%7Cc",
			purges: []string{"/a%2Fb|c", "/a%2Fb%7Cc", "/a%2Fb%7cc", "http://shop.example/a%2Fb|c"},
			prefix: "/a%2Fb|", others: []string{"/a/b|c", "/a%2Fb%257Cc"},
		},
		{
			name: "a path with a quote and a letter", forms: []string{`/a%2Fb"é`, "/a%2Fb%22%C3%A9"}, want: "/a%2Fb%22%C3%A9",
			purges: []string{`/a%2Fb"é`, "/a%2fb%22%c3%a9", `/%61%2Fb"é`},
			prefix: `/a%2fb"`, others: []string{`/a/b"é`},
		},
		{
			name: "a query", forms: []string{"/a%2Fb?q=c|d"}, want: "/a%2Fb?q=c|d",
			purges: []string{"/a%2Fb?q=c|d", "/a%2Fb?q=c%7Cd"},
			prefix: "/a%2Fb?q=c%7C", others: []string{"/a%2Fb?q=c", "/a%2Fb"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := with("Cache-Control: max-age=60", piece("x"))
			o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/a/b|c": answer, `/a/b"é`: answer, "/a/b": answer})
			visit := func(after string) {
				t.Helper()
				before := len(o.targets())
				for range 2 {
					for _, form := range test.forms {
						o.proxy.askFor(t, form)
					}
				}
				if diff := cmp.Diff([]string{test.want}, o.targets()[before:]); diff != "" {
					t.Errorf("after %s the origin is asked for (-want +got):\n%s", after, diff)
				}
			}
			visit("the start")
			for _, other := range test.others {
				if n, err := o.proxy.Purge(composer.Purge{URLs: []string{other}}); n != 0 || err != nil {
					t.Errorf("Purge of %s = %d, %v; want 0", other, n, err)
				}
			}
			purges := []composer.Purge{{Prefix: test.prefix}}
			for _, address := range test.purges {
				purges = append(purges, composer.Purge{URLs: []string{address}})
			}
			for _, p := range purges {
				if n, err := o.proxy.Purge(p); n != 1 || err != nil {
					t.Errorf("Purge(%+v) = %d, %v; want 1", p, n, err)
				}
				visit(fmt.Sprintf("Purge(%+v)", p))
			}
		})
	}
}

// TestAnIncludeOfBytesToEscapeIsPurgedInEitherForm has a template include what a
// visitor would ask for in another form.
func TestAnIncludeOfBytesToEscapeIsPurgedInEitherForm(t *testing.T) {
	part := with("Cache-Control: max-age=60", piece("x"))
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{
		"/": with("Cache-Control: max-age=60", template(`<esi:include src="/a%2Fb|c?q=d|e"/>`)), "/a/b|c": part,
	})
	for _, address := range []string{"/a%2Fb|c?q=d|e", "/a%2Fb%7Cc?q=d%7Ce", "/a%2fb|c?q=d%7ce"} {
		before := len(o.targets())
		o.proxy.askFor(t, "/")
		if diff := cmp.Diff([]string{"/a%2Fb%7Cc?q=d%7Ce"}, o.targets()[before:]); diff != "" {
			t.Errorf("the origin is asked for (-want +got):\n%s", diff)
		}
		if n, err := o.proxy.Purge(composer.Purge{URLs: []string{address}}); n != 1 || err != nil {
			t.Errorf("Purge of %s = %d, %v; want 1", address, n, err)
		}
	}
}
