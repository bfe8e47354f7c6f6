package composer_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

func TestAnAllowedHostSetsTheCookiesThatAreNamed(t *testing.T) {
	setting := func(cookies ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Set-Cookie"] = cookies
			piece("part")(w, r)
		}
	}
	other := remote(t, setting("a=other", "b=other"))
	tests := []struct {
		name    string
		allowed []string
		want    []string
	}{
		{"none", nil, nil},
		{"all", []string{"*"}, []string{"a=own"}},
		{"one by its name", []string{"b"}, []string{"b=other"}},
		{"all, and one by its name", []string{"*", "b"}, []string{"a=own", "b=other"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := before(t, composer.Options{AllowHosts: []string{other.Host}, SetCookies: test.allowed}, map[string]http.HandlerFunc{
				"/":     template(`<esi:include src="/part" required="required"/><esi:include src="` + other.String() + `/x" required="required"/>`),
				"/part": setting("a=own"),
			})
			a := o.proxy.ask(t, "GET /")
			if diff := cmp.Diff(test.want, a.header["Set-Cookie"]); diff != "" {
				t.Errorf("the page sets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestServerTimingNamesNoHosts(t *testing.T) {
	other := remote(t, piece("part"))
	for name, test := range map[string]struct {
		show bool
		want int
	}{"by default": {false, 0}, "if asked": {true, 2}} {
		t.Run(name, func(t *testing.T) {
			o := before(t, composer.Options{AllowHosts: []string{other.Host}, ShowHosts: test.show}, map[string]http.HandlerFunc{
				"/":  template(`<esi:include src="` + other.String() + `/x?a=secret" required="required"/><esi:include src="//` + other.Host + `/y" required="required"/><esi:include src="/z?to=http://a/" required="required"/>`),
				"/z": piece("part"),
			})
			timing := o.proxy.ask(t, "GET /").header.Get("Server-Timing")
			if got := strings.Count(timing, "127.0.0.1"); got != test.want || strings.Contains(timing, "secret") {
				t.Errorf("Server-Timing is %q; want %d hosts and no query", timing, test.want)
			}
			for _, path := range []string{"x;dur", "y;dur", "z;dur"} {
				if !strings.Contains(timing, path) {
					t.Errorf("Server-Timing is %q; want it to name %s", timing, path)
				}
			}
		})
	}
}
