package composer_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// TestAPurgeByAddress asks a proxy for some documents at two hosts, purges, and
// asks again: what the origin is asked for was purged.
func TestAPurgeByAddress(t *testing.T) {
	visited := []string{"a.example /list", "a.example /list?page=2", "a.example /listing", "a.example /page", "b.example /list", "b.example /"}
	const part = "/part" // which /page includes
	all := append(slices.Clone(visited), "a.example "+part)
	tests := []struct {
		name  string
		purge composer.Purge
		want  []string
	}{
		{"nothing", composer.Purge{}, nil},
		{"a path of all hosts", composer.Purge{URLs: []string{"/list"}}, []string{"a.example /list", "b.example /list"}},
		{"a path with a query", composer.Purge{URLs: []string{"/list?page=2"}}, []string{"a.example /list?page=2"}},
		{"an absolute address", composer.Purge{URLs: []string{"http://a.example/list"}}, []string{"a.example /list"}},
		{"in another scheme, behind a proxy that does TLS", composer.Purge{URLs: []string{"https://a.example/list"}}, []string{"a.example /list"}},
		{"in capitals, with its port and the dot of the root", composer.Purge{URLs: []string{"http://A.Example.:80/list"}}, []string{"a.example /list"}},
		{"without a path", composer.Purge{URLs: []string{"https://b.example"}}, []string{"b.example /"}},
		{"of another host", composer.Purge{URLs: []string{"http://c.example/list"}}, nil},
		{"of another port", composer.Purge{URLs: []string{"http://a.example:81/list"}}, nil},
		{"several", composer.Purge{URLs: []string{"/listing", "//b.example/list", "/none"}}, []string{"a.example /listing", "b.example /list"}},
		{"what a page includes", composer.Purge{URLs: []string{part}}, []string{"a.example " + part}},
		{"a template", composer.Purge{URLs: []string{"/page"}}, []string{"a.example /page"}},
		{"a prefix", composer.Purge{Prefix: "/list"}, []string{"a.example /list", "a.example /list?page=2", "a.example /listing", "b.example /list"}},
		{"a prefix with a query", composer.Purge{Prefix: "/list?"}, []string{"a.example /list?page=2"}},
		{"a prefix of a host", composer.Purge{Prefix: "http://b.example/"}, []string{"b.example /list", "b.example /"}},
		{"an address and a prefix", composer.Purge{URLs: []string{"/page"}, Prefix: "/part"}, []string{"a.example /page", "a.example " + part}},
		{"all", composer.Purge{All: true}, all},
		{"a group and an address", composer.Purge{Groups: []string{"g"}, URLs: []string{"/page"}}, []string{"a.example /page", "b.example /"}},
	}
	for _, test := range tests {
		for _, soft := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, softly: %v", test.name, soft), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var mu sync.Mutex
					var asked, validated []string
					b := newBubble(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
						mu.Lock()
						defer mu.Unlock()
						asked = append(asked, r.Host+" "+r.RequestURI)
						if r.Header.Get("If-None-Match") != "" {
							validated = append(validated, r.Host+" "+r.RequestURI)
							w.WriteHeader(http.StatusNotModified)
							return
						}
						set(w, "Cache-Control: max-age=60, stale-while-revalidate=60, stale-if-error=60", `ETag: "1"`)
						if r.RequestURI == "/" {
							set(w, `Cache-Groups: "g"`)
						}
						if r.RequestURI == "/page" {
							template(`<esi:include src="/part"/>`)(w, r)
							return
						}
						_, _ = w.Write([]byte("x"))
					})
					ask := func() {
						asked, validated = nil, nil
						for _, line := range visited {
							host, target, _ := strings.Cut(line, " ")
							b.askAt(t, host, target)
						}
						synctest.Wait()
					}
					ask()
					if want := len(all); len(asked) != want {
						t.Fatalf("the origin was asked for %q at first; want %q", asked, all)
					}
					purge := test.purge
					purge.Soft = soft
					if n, err := b.Purge(purge); n != len(test.want) || err != nil {
						t.Errorf("Purge(%+v) = %d, %v; want %d", purge, n, err, len(test.want))
					}
					ask()
					want := slices.Sorted(slices.Values(test.want))
					if diff := cmp.Diff(want, slices.Sorted(slices.Values(asked))); diff != "" {
						t.Errorf("the origin is asked after it for (-want +got):\n%s", diff)
					}
					if soft && len(validated) != len(asked) || !soft && len(validated) > 0 {
						t.Errorf("%q is validated of %q; want all only if it was soft", validated, asked)
					}
					if ask(); len(asked) > 0 {
						t.Errorf("the origin is asked again for %q; want nothing, as it is stored", asked)
					}
				})
			})
		}
	}
}

// askAt is ask for a visitor of another host.
func (b *bubbled) askAt(t *testing.T, host, target string) {
	t.Helper()
	r := request(t, http.MethodGet, "http://"+host+target)
	w := newRecording()
	b.proxy.ServeHTTP(w, r)
}

func TestAPurgeByAddressNamesAnAddress(t *testing.T) {
	c := newComposer(t, composer.Options{}, nil, nil)
	for _, address := range []string{"list", "", "ftp://a.example/x", "http:/x", "mailto:a@b.example", "http://a b/", "http://[::1"} {
		p := composer.Purge{URLs: []string{"/x", address}}
		_, err := c.Purge(p)
		if wrong := (*composer.PurgeError)(nil); !errors.As(err, &wrong) || wrong.Address != address {
			t.Errorf("Purge(%+v) = %v; want an error that names %q", p, err, address)
		}
	}
}

// TestASoftPurgeUsesNothingUnvalidated has an origin that fails after it.
func TestASoftPurgeUsesNothingUnvalidated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fails := false
		b := newBubble(t, composer.Options{}, func(w http.ResponseWriter, _ *http.Request) {
			if fails {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			set(w, "Cache-Control: max-age=60, stale-while-revalidate=60, stale-if-error=60", `ETag: "1"`, `Cache-Groups: "g"`)
			_, _ = w.Write([]byte("old"))
		})
		for _, p := range []composer.Purge{{All: true, Soft: true}, {URLs: []string{"/x"}, Soft: true}, {Groups: []string{"g"}, Soft: true}} {
			fails = false
			b.ask(t, "GET /x")
			if n, err := b.Purge(p); n != 1 || err != nil {
				t.Errorf("Purge(%+v) = %d, %v; want 1", p, n, err)
			}
			fails = true
			if got := b.ask(t, "GET /x"); got.status != http.StatusServiceUnavailable {
				t.Errorf("after Purge(%+v) the answer is %d %q; want 503", p, got.status, got.body)
			}
		}
	})
}

// TestAPurgeByAddressHitsWhatIsOnItsWay has answers that were asked for before
// it and come after it.
func TestAPurgeByAddressHitsWhatIsOnItsWay(t *testing.T) {
	for _, p := range []composer.Purge{{All: true}, {URLs: []string{"/x"}}, {Prefix: "/"}, {URLs: []string{"/x"}, Soft: true}} {
		t.Run(fmt.Sprintf("%+v", p), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := 0
				b := newBubble(t, composer.Options{}, func(w http.ResponseWriter, _ *http.Request) {
					n++
					answer := fmt.Sprint(n)
					time.Sleep(time.Second)
					set(w, "Cache-Control: max-age=60")
					_, _ = w.Write([]byte(answer))
				})
				var all sync.WaitGroup
				all.Go(func() { b.ask(t, "GET /x") })
				synctest.Wait()
				if _, err := b.Purge(p); err != nil {
					t.Fatal(err)
				}
				all.Wait()
				if got := b.ask(t, "GET /x").body; got != "2" {
					t.Errorf("after it a visitor gets answer %s; want one that was asked for after it", got)
				}
			})
		})
	}
}

// TestAPurgeByAddressOfFragments takes references in any version, and addresses
// of pages.
func TestAPurgeByAddressOfFragments(t *testing.T) {
	tests := []struct {
		name  string
		purge composer.Purge
		want  string // the numbers of the answers that page, cart and list give then; all gave 1 before
		told  []string
	}{
		{"a reference", composer.Purge{URLs: []string{"/fragments/cart/mini"}}, "1 2 1", []string{"cart"}},
		{"a reference with a constraint", composer.Purge{URLs: []string{"/fragments/cart@^1.0/mini"}}, "1 2 1", []string{"cart"}},
		{"a reference at a host", composer.Purge{URLs: []string{"http://example.com/fragments/cart/mini"}}, "1 2 1", []string{"cart"}},
		{"another path of it", composer.Purge{URLs: []string{"/fragments/cart/other"}}, "1 1 1", []string{"cart"}},
		{"a prefix in a fragment", composer.Purge{Prefix: "/fragments/list/"}, "1 1 2", []string{"list"}},
		{"a prefix of several fragments", composer.Purge{Prefix: "/fragments/"}, "2 2 2", []string{"cart", "list", "page"}},
		{"a page", composer.Purge{URLs: []string{"/shop"}}, "2 1 1", nil},
		{"a page with its query", composer.Purge{URLs: []string{"/shop?x=1"}}, "2 1 1", nil},
		{"all", composer.Purge{All: true}, "2 2 2", []string{"cart", "list", "page"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			counted := func(prefix, suffix string) http.HandlerFunc {
				n := 0
				return func(w http.ResponseWriter, r *http.Request) {
					n++
					set(w, "Cache-Control: max-age=60")
					template(prefix+fmt.Sprint(n)+suffix)(w, r)
				}
			}
			var told []string
			c := newComposer(t, composer.Options{Invalidated: func(groups []string) { told = append(told, groups...) }}, fragments{
				"page": counted("", ` <esi:include src="/fragments/cart/mini"/> <esi:include src="/fragments/list/x"/>`),
				"cart": counted("", ""), "list": counted("", ""),
			}, nil)
			page := c.Page("page")
			show := func() string {
				w := newRecording()
				page.ServeHTTP(w, request(t, http.MethodGet, "/shop"))
				return w.body.String()
			}
			if got := show(); got != "1 1 1" {
				t.Fatalf("the page is %q at first; want 1 1 1", got)
			}
			told = nil
			if _, err := c.Purge(test.purge); err != nil {
				t.Fatal(err)
			}
			if got := show(); got != test.want {
				t.Errorf("after Purge(%+v) the page is %q; want %q", test.purge, got, test.want)
			}
			for _, name := range []string{"page", "cart", "list"} {
				view, err := c.Render(t.Context(), composer.View{Reference: composer.Prefix + name + "/mini"}, time.Time{})
				if err != nil {
					t.Fatal(err)
				}
				isTold := slices.ContainsFunc(view.Groups, func(g string) bool { return slices.Contains(told, g) })
				if want := slices.Contains(test.told, name); isTold != want {
					t.Errorf("Purge(%+v) tells of the groups %q, which has a view of %s rendered again: %v; want %v", test.purge, told, name, isTold, want)
				}
			}
		})
	}
}
