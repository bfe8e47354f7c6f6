package composer_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// flask is what another program keeps under a name like ours.
const flask = "eyJ1c2VyIjo0Mn0.Zx1b2A.q0Jr0hV2v7oVQhJ8mJkq0lqf0yM"

// visitSession sends a request through Session and returns the cookies that
// were set, the session's id, and the Cookie field that the request has inside.
func visitSession(t *testing.T, c *composer.Composer, r *http.Request) (set []*http.Cookie, id, seen string) {
	t.Helper()
	w := httptest.NewRecorder()
	c.Session(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		id, seen = c.SessionID(r), strings.Join(r.Header["Cookie"], "; ")
	})).ServeHTTP(w, r)
	if strings.Trim(id, "0123456789abcdef") != "" || len(id) != 32 {
		t.Fatalf("SessionID = %q; want 32 hexadecimal digits", id)
	}
	return w.Result().Cookies(), id, seen
}

// newCookie returns the cookie of a visitor's first request, and the session's
// id.
func newCookie(t *testing.T, c *composer.Composer) (*http.Cookie, string) {
	t.Helper()
	set, id, _ := visitSession(t, c, request(t, "GET", "/"))
	if len(set) != 1 {
		t.Fatalf("the first request set %v; want one cookie", set)
	}
	return set[0], id
}

// withCookies returns a request with the given cookies, as name=value.
func withCookies(t *testing.T, cookies ...string) *http.Request {
	r := request(t, "GET", "/")
	r.Header.Set("Cookie", strings.Join(cookies, "; "))
	return r
}

func TestANewSession(t *testing.T) {
	c := newComposer(t, composer.Options{}, nil, nil)
	set, id := newCookie(t, c)
	want := http.Cookie{Name: "selvedge-session", Path: "/", MaxAge: 30 * 24 * 60 * 60, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	got := *set
	got.Value, got.Raw = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cookie (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(set.Value, id+".") {
		t.Errorf("the cookie is %q; want the id %s with a signature", set.Value, id)
	}
	if _, other := newCookie(t, c); other == id {
		t.Error("two browsers got the same session")
	}
}

func TestTheNameOfASessionsCookie(t *testing.T) {
	tests := []struct {
		name, option string
		tls          bool
		want         string
	}{
		{"by default", "", false, "selvedge-session"},
		{"by default, over TLS", "", true, "__Host-selvedge-session"},
		{"chosen", "session", false, "session"},
		{"chosen, over TLS", "session", true, "session"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newComposer(t, composer.Options{SessionCookie: test.option}, nil, nil)
			r := request(t, "GET", "/")
			if test.tls {
				r.TLS = &tls.ConnectionState{}
			}
			set, id, _ := visitSession(t, c, r)
			if len(set) != 1 || set[0].Name != test.want || set[0].Secure != test.tls {
				t.Fatalf("set %v; want %s, Secure %t", set, test.want, test.tls)
			}
			r.AddCookie(set[0])
			if again, same, _ := visitSession(t, c, r); len(again) != 0 || same != id {
				t.Errorf("the next request: %v set, session %s; want none and %s", again, same, id)
			}
		})
	}
	if _, err := composer.New(composer.NewRegistry(), composer.Options{SessionCookie: "a b"}); err == nil {
		t.Error("a name with a space: no error; want one")
	}
}

func TestOnlyASessionOfOursIsOne(t *testing.T) {
	c := newComposer(t, composer.Options{}, nil, nil)
	other, _ := newCookie(t, newComposer(t, composer.Options{}, nil, nil))
	good, id := newCookie(t, c)
	const name = "selvedge-session="
	tests := []struct {
		name   string
		cookie string
		keeps  bool
	}{
		{"ours", name + good.Value, true},
		{"ours among others", "a=b; " + name + good.Value + "; c=d", true},
		{"none", "a=b", false},
		{"empty", name, false},
		{"an id without signature", name + id, false},
		{"another id with this signature", name + strings.Repeat("0", 32) + good.Value[32:], false},
		{"a signature cut short", name + good.Value[:len(good.Value)-1], false},
		{"a forged signature", name + good.Value[:40] + strings.Repeat("A", len(good.Value)-40), false},
		{"of another site", name + other.Value, false},
		{"by the name that it has over TLS", "__Host-" + name + good.Value, false},
		{"of another program", name + flask, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, got, seen := visitSession(t, c, withCookies(t, test.cookie))
			if keeps := got == id && len(set) == 0; keeps != test.keeps || !test.keeps && len(set) != 1 {
				t.Errorf("%q: session %s, set %v; want the session kept: %t", test.cookie, got, set, test.keeps)
			}
			if seen != test.cookie {
				t.Errorf("the request has the cookies %q; want %q", seen, test.cookie)
			}
		})
	}
}

func TestASessionEndsWithItsCookie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{}, nil, nil)
		cookie, id := newCookie(t, c)
		time.Sleep(30*24*time.Hour - 2*time.Second)
		if _, got, _ := visitSession(t, c, withCookies(t, cookie.String())); got != id {
			t.Error("before 30 days are over there is another session; want the same")
		}
		time.Sleep(3 * time.Second)
		if _, got, _ := visitSession(t, c, withCookies(t, cookie.String())); got == id {
			t.Error("after 30 days there is the same session; want another")
		}
	})
}

func TestASessionIsRenewedWhenAThirdOfItsTimeHasPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const day = 24 * time.Hour
		c := newComposer(t, composer.Options{}, nil, nil)
		cookie, id := newCookie(t, c)
		time.Sleep(10*day - 2*time.Second)
		if set, _, _ := visitSession(t, c, withCookies(t, cookie.String())); len(set) > 0 {
			t.Errorf("before ten days are over %v is set; want nothing", set)
		}
		time.Sleep(3 * time.Second)
		set, got, _ := visitSession(t, c, withCookies(t, cookie.String()))
		if got != id || len(set) != 1 || set[0].Name != cookie.Name || set[0].MaxAge != 30*24*60*60 {
			t.Fatalf("after ten days: session %s, %v is set; want %s with a cookie for 30 days", got, set, id)
		}
		time.Sleep(29 * day)
		if _, got, _ := visitSession(t, c, withCookies(t, set[0].String())); got != id {
			t.Error("39 days after the first visit the renewed session is another; want the same")
		}
	})
}

// A cookie called session is also what other programs of a host have, on any
// port of it. Whatever names they take, one is left for the session.
func TestACookieOfAnotherProgramIsLeftAlone(t *testing.T) {
	other, _ := newCookie(t, newComposer(t, composer.Options{}, nil, nil))
	const last = "selvedge-session-...." // and the tag of the site
	tests := []struct {
		name    string
		option  string
		tls     bool
		cookies []string
		want    string // a regular expression for the name of the session's cookie
	}{
		{"with another name", "", false, []string{"session=" + flask}, "selvedge-session"},
		{"with the chosen name", "session", false, []string{"session=" + flask}, "selvedge-session"},
		{"with the default name", "", false, []string{"selvedge-session=" + flask}, last},
		{"with the default name, beside the chosen one", "session", false, []string{"selvedge-session=" + flask}, "session"},
		{"with both names", "session", false, []string{"selvedge-session=" + flask, "session=1"}, last},
		{"with the default name over TLS", "", true, []string{"__Host-selvedge-session=" + flask}, "__Host-" + last},
		{"with both names over TLS", "session", true, []string{"session=" + flask, "__Host-selvedge-session=x"}, "__Host-" + last},
		{"with the default name that it has without TLS", "", true, []string{"selvedge-session=" + flask}, "__Host-selvedge-session"},
		{"of another site of this kind", "", false, []string{"selvedge-session=" + other.Value}, last},
		{"without a value", "", false, []string{"selvedge-session="}, last},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newComposer(t, composer.Options{SessionCookie: test.option}, nil, nil)
			visit := func(cookies []string) (set []*http.Cookie, id string) {
				r := withCookies(t, cookies...)
				if test.tls {
					r.TLS = &tls.ConnectionState{}
				}
				set, id, _ = visitSession(t, c, r)
				return set, id
			}
			set, id := visit(test.cookies)
			if len(set) != 1 || !regexp.MustCompile("^"+test.want+"$").MatchString(set[0].Name) {
				t.Fatalf("set %v; want a session in %s, beside the other program's", set, test.want)
			}
			mine := set[0].Name + "=" + set[0].Value
			for _, cookies := range [][]string{append(slices.Clone(test.cookies), mine), append([]string{mine}, test.cookies...)} {
				if again, same := visit(cookies); len(again) != 0 || same != id {
					t.Errorf("the next request: %v set, session %s; want none and %s", again, same, id)
				}
			}
			damaged := append(slices.Clone(test.cookies), mine[:len(mine)-1])
			if again, _ := visit(damaged); strings.Contains(test.want, last) && (len(again) != 1 || again[0].Name != set[0].Name) {
				t.Errorf("after a damage of the session's cookie %v is set; want it made anew", again)
			}
		})
	}
}

// TestSitesOfOneHostKeepTheirSessions visits several sites by turns, as a browser
// does that has one set of cookies for all ports of a host.
func TestSitesOfOneHostKeepTheirSessions(t *testing.T) {
	for _, option := range []string{"", "session"} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		sites := make([]*composer.Composer, 5)
		ids := make([]string, len(sites))
		for round := range 3 {
			for i := range sites {
				if round == 0 {
					sites[i] = newComposer(t, composer.Options{SessionCookie: option}, nil, nil)
				}
				r := request(t, "GET", "http://shop.example/")
				for _, cookie := range jar.Cookies(r.URL) {
					r.AddCookie(cookie)
				}
				set, id, _ := visitSession(t, sites[i], r)
				jar.SetCookies(r.URL, set)
				if round > 0 && (id != ids[i] || len(set) > 0) {
					t.Errorf("round %d, site %d: session %s, and %v is set; want %s and nothing", round, i, id, set, ids[i])
				}
				ids[i] = id
			}
		}
	}
}

func TestTheFirstOfSeveralSessionsCounts(t *testing.T) {
	c := newComposer(t, composer.Options{}, nil, nil)
	first, id := newCookie(t, c)
	second, _ := newCookie(t, c)
	forged := "selvedge-session=" + strings.Repeat("0", 32) + second.Value[32:]
	for name, cookies := range map[string][]string{
		"both valid":       {"selvedge-session=" + first.Value, "selvedge-session=" + second.Value},
		"one forged":       {forged, "selvedge-session=" + first.Value},
		"the same twice":   {"selvedge-session=" + first.Value, "selvedge-session=" + first.Value},
		"one of anybody":   {"selvedge-session=" + first.Value, "a=b", forged},
		"with a program's": {"selvedge-session=" + flask, "selvedge-session=" + first.Value, forged},
	} {
		t.Run(name, func(t *testing.T) {
			r := withCookies(t, cookies...)
			r.Host, r.URL.Path = "www.shop.example:8080", "/products/42"
			set, got, _ := visitSession(t, c, r)
			if got != id {
				t.Errorf("session %s; want %s", got, id)
			}
			var expired []string
			for _, cookie := range set[:max(0, len(set)-1)] {
				if cookie.Name != "selvedge-session" || cookie.Value != "" || cookie.MaxAge >= 0 {
					t.Errorf("set %v; want it expired", cookie)
				}
				expired = append(expired, cookie.Domain+cookie.Path)
			}
			want := []string{"www.shop.example/", "shop.example/", "/products", "/products/", "/products/42"}
			if diff := cmp.Diff(want, expired); diff != "" {
				t.Errorf("expired (-want +got):\n%s", diff)
			}
			if last := set[len(set)-1]; last.Value != first.Value || last.Path != "/" || last.Domain != "" || last.MaxAge <= 0 {
				t.Errorf("the last cookie is %v; want the session again", last)
			}
		})
	}
}

func TestASessionOfTwoNamesLosesOne(t *testing.T) {
	c := newComposer(t, composer.Options{SessionCookie: "session"}, nil, nil)
	first, id := newCookie(t, c)
	second, _ := newCookie(t, c)
	set, got, _ := visitSession(t, c, withCookies(t, "selvedge-session="+first.Value, "session="+second.Value))
	if got != id || len(set) == 0 || set[0].Name != "session" || set[0].MaxAge >= 0 {
		t.Errorf("session %s, set %v; want %s, and the other expired", got, set, id)
	}
}

// A fragment that had the signature could act as its visitor.
func TestAFragmentReceivesTheIDOfASession(t *testing.T) {
	const show = "session, signed or not"
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, show+": "+strings.Join(r.Header["Cookie"], "; "))
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			c := newComposer(t, composer.Options{SessionCookie: "session", Cookies: []string{"session", "lang"}}, nil,
				map[string]composer.Source{"part": kind.source(t, echo)})
			good, id := newCookie(t, c)
			forged := "session=" + strings.Repeat("0", 32)
			tests := []struct {
				name   string
				cookie string
				want   string
			}{
				{"signed", "session=" + good.Value + "; lang=de; a=b", "lang=de; session=" + id},
				{"not signed", forged + "; lang=de", "lang=de"},
				{"of another program", "session=" + flask, ""},
				{"not signed, before ours", forged + "; session=" + good.Value, "session=" + id},
			}
			for _, test := range tests {
				for name, h := range map[string]http.Handler{"fragment": c.Fragment(), "forward": c.Forward("part")} {
					r := request(t, "GET", "/fragments/part/x")
					r.Header.Set("Cookie", test.cookie)
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					if got := w.Body.String(); got != show+": "+test.want {
						t.Errorf("%s, %s: the fragment saw %q; want %q", test.name, name, got, test.want)
					}
				}
			}
			r := request(t, "GET", "/fragments/part/x")
			r.Header.Set("Cookie", "session="+flask+"; selvedge-session="+good.Value)
			w := httptest.NewRecorder()
			c.Fragment().ServeHTTP(w, r)
			if got := w.Body.String(); got != show+": session="+id {
				t.Errorf("beside another program's cookie: the fragment saw %q; want %s", got, id)
			}
			w = httptest.NewRecorder()
			c.Session(c.Fragment()).ServeHTTP(w, request(t, "GET", "/fragments/part/x"))
			if made, _, _ := strings.Cut(w.Result().Cookies()[0].Value, "."); w.Body.String() != show+": session="+made {
				t.Errorf("on the first request the fragment saw %q; want the session %s", w.Body, made)
			}
		})
	}
}

// The page's token is read on a request that did not pass Session.
func TestATokenIsOfTheSessionOverTLS(t *testing.T) {
	c := newComposer(t, composer.Options{}, tokenFragments(), nil)
	r := request(t, "GET", "/")
	r.TLS = &tls.ConnectionState{}
	w := httptest.NewRecorder()
	c.Session(c.Page("page")).ServeHTTP(w, r)
	r.AddCookie(w.Result().Cookies()[0])
	_, rest, _ := strings.Cut(w.Body.String(), "[")
	text, _, _ := strings.Cut(rest, "]")
	token, err := c.ReadToken(r, text)
	if err != nil || len(token.Views) < 2 {
		t.Fatalf("ReadToken = %v, %v; want the page's views", token, err)
	}
	if want := "Cookie: selvedge-session=" + token.Session + "\n"; token.Session == "" || token.Views[1].Variant != want {
		t.Errorf("the second view is for %q; want %q", token.Views[1].Variant, want)
	}
}

func TestASessionThatTheSiteVerified(t *testing.T) {
	c := newComposer(t, composer.Options{}, nil, nil)
	for id, want := range map[string]string{
		"user-42": "user-42", strings.Repeat("x", 128): strings.Repeat("x", 128),
		"": "", "a; b=c": "", "a\nb": "", strings.Repeat("x", 129): "",
	} {
		if got := c.SessionID(c.WithSession(request(t, "GET", "/"), id)); got != want {
			t.Errorf("WithSession(%q) has the session %q; want %q", id, got, want)
		}
	}
}

// An answer that many may share must not carry the session of one
// (session fixation through a shared cache).
func TestAnAnswerWithANewSessionIsForOneBrowser(t *testing.T) {
	public := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=60")
		_, _ = io.WriteString(w, "part")
	}
	for _, kind := range kinds {
		c := newComposer(t, composer.Options{}, nil, map[string]composer.Source{"part": kind.source(t, public)})
		good, _ := newCookie(t, c)
		handlers := map[string]http.Handler{"fragment": c.Fragment(), "forward": c.Forward("part"), "page": c.Page("part")}
		for name, h := range handlers {
			t.Run(kind.name+" "+name, func(t *testing.T) {
				r := request(t, "GET", "/fragments/part/x")
				w := httptest.NewRecorder()
				c.Session(h).ServeHTTP(w, r)
				if w.Code != 200 || w.Header().Get("Set-Cookie") == "" || w.Header().Get("Cache-Control") != "no-store" {
					t.Errorf("first answer = %d %v; want a cookie and no-store", w.Code, w.Header())
				}
				r.AddCookie(good)
				w = httptest.NewRecorder()
				c.Session(h).ServeHTTP(w, r)
				if w.Header().Get("Set-Cookie") != "" || w.Header().Get("Cache-Control") == "no-store" {
					t.Errorf("next answer has %v; want no cookie, and what the fragment said", w.Header())
				}
			})
		}
	}
}

func TestAScriptWithoutASessionIsToldToLoadItsPageAgain(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{"api": func(w http.ResponseWriter, r *http.Request) {
		if page := r.URL.Query().Get("to"); page != "" {
			w.Header().Set("HX-Redirect", page)
		}
	}}, nil)
	session, _ := newCookie(t, c)
	tests := []struct {
		name, target, script string
		cookie               *http.Cookie
		want                 string
	}{
		{"a page", "/", "", nil, ""},
		{"a script", "/", "true", nil, "true"},
		{"a script with a session", "/", "true", session, ""},
		{"a script that is led to another page", "/?to=/orders/1", "true", nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := request(t, "POST", test.target)
			r.Header.Set("HX-Request", test.script)
			if test.cookie != nil {
				r.AddCookie(test.cookie)
			}
			w := httptest.NewRecorder()
			c.Session(c.Forward("api")).ServeHTTP(w, r)
			if got := w.Header().Get("HX-Refresh"); got != test.want || w.Code != http.StatusOK {
				t.Errorf("HX-Refresh = %q, status %d; want %q, 200", got, w.Code, test.want)
			}
		})
	}
}
