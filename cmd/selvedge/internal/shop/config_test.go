package shop

import (
	"testing"

	"selvedge/fragments/shell"
)

func TestTheShopHasAPageForEachPathOfItsLayout(t *testing.T) {
	pages := make(map[string]bool)
	for _, p := range Config().Pages {
		pages[p.Pattern] = true
	}
	for _, path := range append(shell.Paths(), "/", "/products", "/products/{id}", "/new", "/cart", "/orders/{id}") {
		if !pages[path] {
			t.Errorf("shop.yaml has no page %s", path)
		}
	}
}

func TestTheConfigurationOfAFragmentAloneIsValid(t *testing.T) {
	if c := FragmentConfig(); c.Listen != "127.0.0.1:8091" {
		t.Errorf("it listens on %s; want 127.0.0.1:8091", c.Listen)
	}
}
