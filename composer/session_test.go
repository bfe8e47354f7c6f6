package composer_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer"
)

const good = "0123456789abcdef0123456789abcdef"

// visitSession asks for a page with a session and returns the cookie that was
// set, nil if none, and the Cookie field that the page saw.
func visitSession(t *testing.T, r *http.Request) (set *http.Cookie, seen string) {
	t.Helper()
	w := httptest.NewRecorder()
	composer.Session(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen = strings.Join(r.Header["Cookie"], "; ")
	})).ServeHTTP(w, r)
	cookies := w.Result().Cookies()
	if len(cookies) > 1 {
		t.Fatalf("%d cookies were set; want one at most", len(cookies))
	}
	if len(cookies) == 1 {
		return cookies[0], seen
	}
	return nil, seen
}

func TestANewSession(t *testing.T) {
	set, seen := visitSession(t, request(t, "GET", "/"))
	if set == nil || len(set.Value) != 32 || strings.Trim(set.Value, "0123456789abcdef") != "" {
		t.Fatalf("cookie = %v; want 32 hexadecimal digits", set)
	}
	if set.Name != "session" || set.Path != "/" || set.Domain != "" || !set.HttpOnly || set.SameSite != http.SameSiteLaxMode || set.Secure || set.MaxAge != 30*24*60*60 {
		t.Errorf("cookie = %v; want HttpOnly, SameSite=Lax, the whole site for 30 days", set)
	}
	if want := "session=" + set.Value; seen != want {
		t.Errorf("the request sees %q; want %q", seen, want)
	}
	if again, _ := visitSession(t, request(t, "GET", "/")); again.Value == set.Value {
		t.Error("two browsers got the same session")
	}
}

func TestASessionOverTLSStaysThere(t *testing.T) {
	r := request(t, "GET", "/")
	r.TLS = &tls.ConnectionState{}
	if set, _ := visitSession(t, r); !set.Secure {
		t.Errorf("cookie = %v; want Secure", set)
	}
}

func TestOnlyASessionOfOursIsKept(t *testing.T) {
	tests := []struct {
		name   string
		cookie []string
		keeps  bool
		others string // what else the request sees
	}{
		{"ours", []string{"session=" + good}, true, ""},
		{"among others", []string{"a=b; session=" + good, "c=d"}, true, ""},
		{"none", []string{"a=b; c=d"}, false, "a=b; c=d; "},
		{"too short", []string{"session=0123"}, false, ""},
		{"too long", []string{"session=" + good + "00"}, false, ""},
		{"no digits", []string{"a=b; session=" + strings.Repeat("x", 32)}, false, "a=b; "},
		{"empty", []string{"session="}, false, ""},
		{"two of them", []string{"session=" + good + "; a=b; session=" + good}, false, "a=b; "},
		{"two fields", []string{"session=" + good, "session=" + strings.Repeat("0", 32)}, false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := request(t, "GET", "/")
			r.Header["Cookie"] = test.cookie
			set, seen := visitSession(t, r)
			if test.keeps {
				if set != nil || seen != strings.Join(test.cookie, "; ") {
					t.Errorf("%q: set %v, seen %q; want nothing changed", test.cookie, set, seen)
				}
				return
			}
			if set == nil || seen != test.others+"session="+set.Value {
				t.Errorf("%q: set %v, seen %q; want one new session behind %q", test.cookie, set, seen, test.others)
			}
			if got := strings.Join(r.Header["Cookie"], "; "); got != strings.Join(test.cookie, "; ") {
				t.Errorf("the caller's request has %q; want it unchanged", got)
			}
		})
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
		handlers := map[string]http.Handler{"fragment": c.Fragment(), "forward": c.Forward("part"), "page": c.Page("part")}
		for name, h := range handlers {
			t.Run(kind.name+" "+name, func(t *testing.T) {
				r := request(t, "GET", "/fragments/part/x")
				w := httptest.NewRecorder()
				composer.Session(h).ServeHTTP(w, r)
				if w.Code != 200 || w.Header().Get("Set-Cookie") == "" || w.Header().Get("Cache-Control") != "no-store" {
					t.Errorf("first answer = %d %v; want a cookie and no-store", w.Code, w.Header())
				}
				r.AddCookie(&http.Cookie{Name: "session", Value: good})
				w = httptest.NewRecorder()
				composer.Session(h).ServeHTTP(w, r)
				if w.Header().Get("Set-Cookie") != "" || w.Header().Get("Cache-Control") == "no-store" {
					t.Errorf("next answer has %v; want no cookie, and what the fragment said", w.Header())
				}
			})
		}
	}
}
