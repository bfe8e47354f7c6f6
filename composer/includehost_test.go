package composer_test

import (
	"net/http"
	"strings"
	"testing"

	"selvedge/composer"
)

// TestAnOriginIsAskedForTheVisitorsHost stands before an origin that tells its
// sites apart by their names: all that a page of shop.example asks it for is
// asked of shop.example.
func TestAnOriginIsAskedForTheVisitorsHost(t *testing.T) {
	tests := []struct{ name, include string }{
		{"a path", `<esi:include src="/part"/>`},
		{"a relative path", `<esi:include src="part"/>`},
		{"the same host", `<esi:include src="http://shop.example/part"/>`},
		{"the same host in other words", `<esi:include src="//SHOP.example:80/part"/>`},
		{"the origin's address", `<esi:include src="ORIGIN/part"/>`},
		{"a variable", `<esi:include src="/$(QUERY_STRING{part})"/>`},
		{"what stands for another", `<esi:include src="/broken" alt="/part"/>`},
		{"an include of an include", `<esi:include src="/outer"/>`},
		{"what is the same for everybody", `<esi:include src="/part" public="yes"/>`},
		{"a redirect to a path", `<esi:include src="/moved" redirect="follow"/>`},
		{"a redirect to the same host", `<esi:include src="/moved/host" redirect="follow"/>`},
		{"a redirect to the origin's address", `<esi:include src="/moved/origin" redirect="follow"/>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var o *origin
			o = before(t, composer.Options{}, map[string]http.HandlerFunc{
				"/": func(w http.ResponseWriter, r *http.Request) {
					template(strings.ReplaceAll(test.include, "ORIGIN", o.url.String()))(w, r)
				},
				"/part":         func(w http.ResponseWriter, r *http.Request) { piece("a part of "+r.Host)(w, r) },
				"/outer":        template(`<esi:include src="/part"/>`),
				"/broken":       status(http.StatusInternalServerError, "broken"),
				"/moved":        redirecting("/part"),
				"/moved/host":   func(w http.ResponseWriter, r *http.Request) { redirecting("http://"+r.Host+"/part")(w, r) },
				"/moved/origin": func(w http.ResponseWriter, r *http.Request) { redirecting(o.url.String()+"/part")(w, r) },
			})
			r := o.proxy.request(t, http.MethodGet, "/?part=part", nil)
			r.Host = "shop.example"
			if got, want := o.proxy.do(t, r).body, "a part of shop.example"; got != want {
				t.Errorf("%s shows %q; want %q", test.include, got, want)
			}
		})
	}
}

// TestOnlyTheOriginIsAskedForTheVisitorsHost holds for all other servers that
// an include reaches, to which the visitor's host is a stranger's.
func TestOnlyTheOriginIsAskedForTheVisitorsHost(t *testing.T) {
	said := func(w http.ResponseWriter, r *http.Request) { piece(r.Host)(w, r) }
	other := remote(t, said)
	o := before(t, composer.Options{AllowHosts: []string{other.Host}}, map[string]http.HandlerFunc{
		"/": template(`<esi:include src="` + other.String() + `/"/>`),
	})
	fragment := newSite(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/part/"/>`)},
		map[string]composer.Source{"part": {URL: other}})
	for name, s := range map[string]*site{"an allowed host": o.proxy, "a fragment of another process": fragment} {
		r := s.request(t, http.MethodGet, "/", nil)
		r.Host = "shop.example"
		if got := s.do(t, r).body; got != other.Host {
			t.Errorf("%s is asked for the host %q; want its own, %s", name, got, other.Host)
		}
	}
}
