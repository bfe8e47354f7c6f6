package composer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"selvedge/composer"
)

func TestARenewedTokenSaysTheSameForLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{TokenAge: 3 * time.Hour}, tokenFragments(), nil)
		first, err := c.ReadToken(present(t, c, alice), tokenOf(t, c))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		token, next := c.RenewToken(first.Session, first.Views)
		if got := time.Until(next); got != time.Hour {
			t.Errorf("the next token is due in %v; want %v", got, time.Hour)
		}
		time.Sleep(2 * time.Hour)
		renewed, err := c.ReadToken(present(t, c, alice), token)
		if err != nil {
			t.Fatalf("ReadToken after the first has expired: %v", err)
		}
		if diff := cmp.Diff(first.Views, renewed.Views, cmpopts.EquateApproxTime(time.Millisecond)); diff != "" {
			t.Errorf("views (-first +renewed):\n%s", diff)
		}
		if _, err := c.ReadToken(present(t, c, bob), token); !errors.Is(err, composer.ErrSession) {
			t.Errorf("ReadToken for another session = %v; want %v", err, composer.ErrSession)
		}
	})
}

func TestATokenThatCouldNotBeReadIsNotMade(t *testing.T) {
	c := newComposer(t, composer.Options{}, tokenFragments(), nil)
	views := func(n, length int) (all []composer.Shown) {
		for i := range n {
			all = append(all, composer.Shown{View: composer.View{Reference: fmt.Sprint("/fragments/shared/", i, strings.Repeat("x", length))}})
		}
		return all
	}
	for name, test := range map[string]struct {
		views []composer.Shown
		made  bool
	}{
		"one view":       {views(1, 1), true},
		"too many views": {views(129, 1), false},
		"too long":       {views(64, 100), false},
	} {
		if token, _ := c.RenewToken(alice, test.views); (token != "") != test.made {
			t.Errorf("%s: the token has %d bytes; want one: %t", name, len(token), test.made)
		}
	}
}
