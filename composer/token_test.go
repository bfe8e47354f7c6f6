package composer_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

const (
	alice = "0123456789abcdef0123456789abcdef"
	bob   = "fedcba9876543210fedcba9876543210"
)

// view answers with a fragment that says which data it was made from.
func view(html, cacheControl string, groups ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Groups", `"`+strings.Join(groups, `", "`)+`"`)
		w.Header().Set("Cache-Control", cacheControl)
		piece(html)(w, r)
	}
}

// tokenOf composes the page / for Alice and returns what stands for its token.
func tokenOf(t *testing.T, c *composer.Composer) string {
	t.Helper()
	r := request(t, http.MethodGet, "/?q=1")
	w := newRecording()
	c.Page("page").ServeHTTP(w, c.WithSession(r, alice))
	_, rest, _ := strings.Cut(w.body.String(), "[")
	token, _, ok := strings.Cut(rest, "]")
	if !ok {
		t.Fatalf("the page has no token:\n%s", w.body.String())
	}
	return token
}

func present(t *testing.T, c *composer.Composer, session string) *http.Request {
	r := request(t, http.MethodGet, "/live")
	r.Header.Set("Accept-Language", "de")
	return c.WithSession(r, session)
}

const tokenPage = `<esi:include src="/fragments/shared/a?$(QUERY_STRING)"/>` +
	`<esi:include src="/fragments/own/a"/><esi:include src="/fragments/plain/a"/><esi:include src="/fragments/anonymous/a"/>` +
	`<esi:include src="/fragments/dead/a"><p id="late">later</p></esi:include><esi:include src="/fragments/dead/b"><p>never</p></esi:include>` +
	`<esi:vars>[$(SELVEDGE_PAGE)]</esi:vars>`

func tokenFragments() fragments {
	return fragments{
		"page":      template(tokenPage),
		"shared":    view(`<div id="s" data-revision="7" data-epoch="e">s</div>`, "public", "x"),
		"own":       view(`<div id="o" data-revision="3" data-epoch="e">o</div>`, "private, no-cache", "y"),
		"plain":     piece(`<div id="p">no groups</div>`),
		"anonymous": view(`<div>no id</div>`, "public", "x"),
		"dead":      status(http.StatusInternalServerError, "down"),
	}
}

func TestATokenNamesTheViewsOfItsPage(t *testing.T) {
	c := newComposer(t, composer.Options{Epoch: "e1"}, tokenFragments(), nil)
	got, err := c.ReadToken(present(t, c, alice), tokenOf(t, c))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got.Views[:min(2, len(got.Views))] {
		if got.Views[i].ETag == "" {
			t.Errorf("view %d has no ETag", i)
		}
		got.Views[i].ETag = "some"
	}
	if until := time.Until(got.RenewAt); until < 7*time.Hour || until > 8*time.Hour+time.Second {
		t.Errorf("the token is to be renewed in %v; want 8 h, a third of its age", until)
	}
	if age := time.Since(got.Date); age < -time.Second || age > time.Minute {
		t.Errorf("the token is %v old; want about nothing", age)
	}
	got.RenewAt, got.Date = time.Time{}, time.Time{}
	for i := range got.Views {
		if age := time.Since(got.Views[i].Date); age < -time.Second || age > time.Minute {
			t.Errorf("view %d is %v old; want about nothing", i, age)
		}
		got.Views[i].Date = time.Time{}
	}
	cookie := "Cookie: selvedge-session=" + alice + "\n"
	want := composer.Token{Session: alice, Epoch: "e1", Views: []composer.Shown{
		{View: composer.View{Reference: "/fragments/shared/a?q=1"}, ETag: "some", Revision: 7, Epoch: "e"},
		{View: composer.View{Reference: "/fragments/own/a", Variant: cookie}, ETag: "some", Revision: 3, Epoch: "e"},
		{View: composer.View{Reference: "/fragments/dead/a", Variant: cookie + "Accept-Language: de\n"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("token (-want +got):\n%s", diff)
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	c := newComposer(t, composer.Options{}, tokenFragments(), nil)
	other := newComposer(t, composer.Options{}, tokenFragments(), nil)
	good := tokenOf(t, c)
	tests := []struct {
		name, session, token string
		want                 error
	}{
		{"no token", alice, "", composer.ErrToken},
		{"no base64", alice, "!" + good[1:], composer.ErrToken},
		{"padding after it", alice, good + "=", composer.ErrToken},
		{"a byte less", alice, good[:len(good)-2], composer.ErrToken},
		{"too long", alice, strings.Repeat("A", 8<<10), composer.ErrToken},
		{"another composer's", alice, tokenOf(t, other), composer.ErrToken},
		{"another session's", bob, good, composer.ErrSession},
		{"its own", alice, good, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := c.ReadToken(present(t, c, test.session), test.token); !errors.Is(err, test.want) {
				t.Errorf("ReadToken = %v; want %v", err, test.want)
			}
		})
	}
}

func TestEveryForgedByteIsNoticed(t *testing.T) {
	c := newComposer(t, composer.Options{}, tokenFragments(), nil)
	good, err := base64.RawURLEncoding.DecodeString(tokenOf(t, c))
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		forged := append([]byte(nil), good...)
		forged[i] ^= 1
		_, err := c.ReadToken(present(t, c, alice), base64.RawURLEncoding.EncodeToString(forged))
		if !errors.Is(err, composer.ErrToken) {
			t.Errorf("byte %d changed: %v; want %v", i, err, composer.ErrToken)
		}
	}
}

func TestATokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{TokenAge: time.Hour}, tokenFragments(), nil)
		token := tokenOf(t, c)
		time.Sleep(59 * time.Minute)
		if _, err := c.ReadToken(present(t, c, alice), token); err != nil {
			t.Errorf("after 59 minutes of 60: %v; want no error", err)
		}
		time.Sleep(2 * time.Minute)
		if _, err := c.ReadToken(present(t, c, alice), token); !errors.Is(err, composer.ErrExpired) {
			t.Errorf("after 61 minutes of 60: %v; want %v", err, composer.ErrExpired)
		}
	})
}

// TestATokenIsShort has the 30 views of a long list on one page.
func TestATokenIsShort(t *testing.T) {
	page := `<esi:include src="/fragments/productlist/grid?$(QUERY_STRING)"/>`
	for i := range 29 {
		page += fmt.Sprintf(`<esi:include src="/fragments/productlist/stock/%d"/>`, 1000+i)
	}
	c := newComposer(t, composer.Options{Epoch: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, fragments{
		"page":        template(page + `<esi:vars>[$(SELVEDGE_PAGE)]</esi:vars>`),
		"productlist": view(`<div id="s" data-revision="123456789" data-epoch="ABCDEFGHIJKLMNOPQRSTUVWXYZ">s</div>`, "public", "x"),
	}, nil)
	token := tokenOf(t, c)
	if got, err := c.ReadToken(present(t, c, alice), token); err != nil || len(got.Views) != 30 {
		t.Fatalf("%d views, %v; want 30", len(got.Views), err)
	}
	if len(token) > 2<<10 {
		t.Errorf("the token has %d bytes; want at most 2 KiB", len(token))
	}
}

func FuzzReadToken(f *testing.F) {
	c, err := composer.New(composer.NewRegistry(), composer.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("AQ")
	f.Add(strings.Repeat("A", 100))
	f.Fuzz(func(t *testing.T, token string) {
		r := request(t, http.MethodGet, "/live")
		if _, err := c.ReadToken(r, token); !errors.Is(err, composer.ErrToken) {
			t.Errorf("ReadToken(%q) = %v; want %v", token, err, composer.ErrToken)
		}
	})
}
