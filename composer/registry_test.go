package composer_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// at returns a source that can be told from others by its URL.
func at(address string) composer.Source {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return composer.Source{URL: u}
}

func add(t *testing.T, r *composer.Registry, name, version string, s composer.Source) {
	t.Helper()
	if err := r.Add(name, version, s); err != nil {
		t.Fatal(err)
	}
}

func resolve(t *testing.T, r *composer.Registry, reference string) (string, error) {
	t.Helper()
	ref, err := composer.ParseReference(composer.Prefix + reference)
	if err != nil {
		t.Fatal(err)
	}
	source, err := r.Resolve(ref)
	if err != nil {
		return "", err
	}
	return source.URL.String(), nil
}

func TestResolveTakesTheNewestThatFits(t *testing.T) {
	r := composer.NewRegistry()
	for _, version := range []string{"1.2.0", "1.10.0", "2.0.0-beta.1", "1.9.3"} {
		add(t, r, "cart", version, at("http://"+version))
	}
	tests := []struct{ reference, want string }{
		{"cart/x", "http://2.0.0-beta.1"},
		{"cart@*/x", "http://1.10.0"},
		{"cart@^1.2/x", "http://1.10.0"},
		{"cart@~1.9/x", "http://1.9.3"},
		{"cart@1.2.0/x", "http://1.2.0"},
		{"cart@<1.9 || >=2.0.0-0/x", "http://2.0.0-beta.1"},
	}
	for _, test := range tests {
		if got, err := resolve(t, r, test.reference); got != test.want || err != nil {
			t.Errorf("Resolve(%s) = %s, %v; want %s", test.reference, got, err, test.want)
		}
	}
}

func TestNothingFits(t *testing.T) {
	r := composer.NewRegistry()
	add(t, r, "cart", "1.2.0", at("http://a"))
	add(t, r, "cart", "1.10.0", at("http://b"))
	add(t, r, "new", "", at("http://c"))
	tests := []struct {
		reference string
		want      *composer.VersionError
		text      string
	}{
		{"cart@^2/x", &composer.VersionError{Name: "cart", Constraint: "^2", Versions: []string{"1.10.0", "1.2.0"}}, "no version of cart fits ^2; there is 1.10.0, 1.2.0"},
		{"new@^2/x", &composer.VersionError{Name: "new", Constraint: "^2", Versions: []string{"unknown"}}, "no version of new fits ^2; there is unknown"},
		{"none/x", &composer.VersionError{Name: "none"}, `there is no fragment "none"`},
	}
	for _, test := range tests {
		_, err := resolve(t, r, test.reference)
		var got *composer.VersionError
		if !errors.As(err, &got) {
			t.Errorf("Resolve(%s): %v; want a VersionError", test.reference, err)
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" || got.Error() != test.text || composer.StatusOf(err) != 404 {
			t.Errorf("Resolve(%s): %q with %d (-want +got):\n%s", test.reference, got, composer.StatusOf(err), diff)
		}
	}
}

func TestAddReplaces(t *testing.T) {
	tests := []struct {
		name  string
		first composer.Source
		as    string
		then  composer.Source
		want  []string
	}{
		{"the same version", at("http://a"), "1.0.0", at("http://b"), []string{"1.0.0"}},
		{"the version of the same URL", at("http://b"), "", at("http://b"), []string{"1.0.0"}},
		{"an older version of the same URL", at("http://b"), "0.9.0", at("http://b"), []string{"1.0.0"}},
		{"and not another version elsewhere", at("http://a"), "0.9.0", at("http://b"), []string{"1.0.0", "0.9.0"}},
		{"nor an unknown one elsewhere", at("http://a"), "", at("http://b"), []string{"unknown", "1.0.0"}},
		{"nor a handler", composer.Source{Handler: http.NotFoundHandler()}, "0.9.0", at("http://b"), []string{"1.0.0", "0.9.0"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := composer.NewRegistry()
			add(t, r, "cart", test.as, test.first)
			add(t, r, "cart", "1.0.0", test.then)
			if diff := cmp.Diff([]composer.Entry{{Name: "cart", Versions: test.want}}, r.List()); diff != "" {
				t.Errorf("List (-want +got):\n%s", diff)
			}
			if got, err := resolve(t, r, "cart@1.0.0/x"); got != "http://b" {
				t.Errorf("Resolve = %s, %v; want what was added last", got, err)
			}
		})
	}
}

func TestAddRefuses(t *testing.T) {
	handler := http.NotFoundHandler()
	tests := []struct {
		name, fragment, version string
		source                  composer.Source
	}{
		{"a name with a slash", "a/b", "1.0.0", composer.Source{Handler: handler}},
		{"no name", "", "1.0.0", composer.Source{Handler: handler}},
		{"half a version", "cart", "1.0", composer.Source{Handler: handler}},
		{"no source", "cart", "1.0.0", composer.Source{}},
		{"two sources", "cart", "1.0.0", composer.Source{Handler: handler, URL: at("http://a").URL}},
		{"another scheme", "cart", "1.0.0", at("ftp://a")},
		{"no host", "cart", "1.0.0", at("http:///x")},
		{"a query, behind which no path can stand", "cart", "1.0.0", at("http://a/?x")},
		{"a fragment of a URL", "cart", "1.0.0", at("http://a/#x")},
		{"a password, which would not be sent", "cart", "1.0.0", at("http://user:secret@a/")},
		{"a cookie with a space", "cart", "1.0.0", composer.Source{Handler: handler, Cookies: []string{"a b"}}},
		{"a cookie without a name", "cart", "1.0.0", composer.Source{Handler: handler, Cookies: []string{""}}},
		{"a cookie to set with a sign", "cart", "1.0.0", composer.Source{Handler: handler, SetCookies: []string{"a=b"}}},
		{"a field with a space", "cart", "1.0.0", composer.Source{Handler: handler, Headers: []string{"X Own"}}},
		{"a field of the connection", "cart", "1.0.0", composer.Source{Handler: handler, Headers: []string{"connection"}}},
		{"the field of cookies", "cart", "1.0.0", composer.Source{Handler: handler, Headers: []string{"Cookie"}}},
		{"a time before now", "cart", "1.0.0", composer.Source{Handler: handler, Timeout: -1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := composer.NewRegistry()
			err := r.Add(test.fragment, test.version, test.source)
			if err == nil || len(r.List()) > 0 {
				t.Errorf("Add = %v, List = %v; want an error and nothing added", err, r.List())
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("Add = %v; want no password in it", err)
			}
		})
	}
}

func TestListIsInOrder(t *testing.T) {
	r := composer.NewRegistry()
	for _, name := range []string{"shell", "cart", "list"} {
		add(t, r, name, "1.0.0", at("http://a"))
	}
	want := []composer.Entry{{Name: "cart", Versions: []string{"1.0.0"}}, {Name: "list", Versions: []string{"1.0.0"}}, {Name: "shell", Versions: []string{"1.0.0"}}}
	if diff := cmp.Diff(want, r.List()); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
}

func TestARegistryMayGrowWhileItIsUsed(t *testing.T) {
	r := composer.NewRegistry()
	add(t, r, "cart", "1.0.0", at("http://a"))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() { add(t, r, "cart", fmt.Sprintf("1.0.%d", i), at(fmt.Sprintf("http://a%d", i))) })
		all.Go(func() {
			if _, err := resolve(t, r, "cart@^1/x"); err != nil {
				t.Error(err)
			}
			r.List()
		})
	}
	all.Wait()
	if got, _ := resolve(t, r, "cart/x"); got != "http://a7" {
		t.Errorf("Resolve = %s; want the newest", got)
	}
}

func TestASourceEqualsASourceWithTheSameSettings(t *testing.T) {
	handler := http.NewServeMux()
	tests := []struct {
		name   string
		change func(*composer.Source)
		want   bool
	}{
		{"the same", func(*composer.Source) {}, true},
		{"another URL", func(s *composer.Source) { s.URL = at("http://b").URL }, false},
		{"another timeout", func(s *composer.Source) { s.Timeout = 2 }, false},
		{"other cookies", func(s *composer.Source) { s.Cookies = []string{"b"} }, false},
		{"no cookies, as the options say", func(s *composer.Source) { s.Cookies = nil }, false},
		{"other fields", func(s *composer.Source) { s.Headers = nil }, false},
		{"other cookies to set", func(s *composer.Source) { s.SetCookies = []string{} }, false},
		{"a handler", func(s *composer.Source) { *s = composer.Source{Handler: handler} }, false},
	}
	settings := func() composer.Source {
		s := at("http://a")
		s.Timeout, s.Cookies, s.Headers, s.SetCookies = 1, []string{"a"}, []string{"x-own"}, []string{"b"}
		return s
	}
	for _, test := range tests {
		s := settings()
		test.change(&s)
		if got := settings().Equal(s); got != test.want {
			t.Errorf("%s: Equal = %t; want %t", test.name, got, test.want)
		}
	}
	own := composer.Source{Handler: handler}
	for name, test := range map[string]struct {
		a, b http.Handler
		want bool
	}{
		"the same handler":                     {handler, handler, true},
		"another handler":                      {handler, http.NewServeMux(), false},
		"a function, which cannot be compared": {http.NotFoundHandler(), http.NotFoundHandler(), false},
		"a function, and a handler":            {http.NotFoundHandler(), own.Handler, false},
	} {
		if got := (composer.Source{Handler: test.a}).Equal(composer.Source{Handler: test.b}); got != test.want {
			t.Errorf("%s: Equal = %t; want %t", name, got, test.want)
		}
	}
}

func TestRemoveRemovesAllVersions(t *testing.T) {
	var told [][]string
	c := newComposer(t, composer.Options{Invalidated: func(groups []string) { told = append(told, groups) }}, fragments{"page": template(`<esi:include src="/fragments/cart/x">none</esi:include>`)}, nil)
	r := composer.Registered(c)
	for _, version := range []string{"1.0.0", "2.0.0", ""} {
		add(t, r, "cart", version, composer.Source{Handler: piece("cart")})
	}
	page := func() string {
		w := newRecording()
		c.Page("page").ServeHTTP(w, request(t, http.MethodGet, "/"))
		return w.body.String()
	}
	if got := page(); got != "cart" {
		t.Fatalf("the page is %q; want the cart", got)
	}
	told = nil
	r.Remove("cart")
	r.Remove("none")
	if diff := cmp.Diff([][]string{{"selvedge:source:cart"}}, told); diff != "" {
		t.Errorf("invalidated (-want +got):\n%s", diff)
	}
	if got := page(); got != "none" {
		t.Errorf("without the cart the page is %q; want the fallback", got)
	}
	_, err := c.Render(t.Context(), composer.View{Reference: "/fragments/cart/x"}, time.Time{})
	var missing *composer.VersionError
	if !errors.As(err, &missing) || len(r.List()) != 1 {
		t.Errorf("a view of the cart is %v, the list is %v; want a VersionError, and the page alone", err, r.List())
	}
}
