package productlist_test

import (
	"testing"

	"selvedge/fragments/fragmentstest"
)

// These findings are meant so:
//
//   - The categories, and the ways on from an error, have no id. They are stored, and need not
//     change in open pages.
//   - The goods that a visitor has looked at are the same for visitors who have looked at none.
func TestTheContractIsKept(t *testing.T) {
	fragmentstest.Lint(t, newFragment(t, newStore(t, products...)), "id", "visitors")
}

func TestTheGridStandsInAPage(t *testing.T) {
	page := fragmentstest.InPage(t, newFragment(t, newStore(t, products...)), "/grid?category=kitchen")
	if cards := page.Find("main #productlist .productcard").Length(); cards != 3 {
		t.Errorf("the page has %d cards; want the 3 goods of the kitchen", cards)
	}
}
