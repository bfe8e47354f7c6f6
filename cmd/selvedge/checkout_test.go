package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestTheCheckoutAsksWhereToWriteAndSend fills the form on a phone and on a wide
// screen, with scripts and without.
func TestTheCheckoutAsksWhereToWriteAndSend(t *testing.T) {
	for _, width := range []int64{390, 1280} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d pixels, scripts %t", width, scripts), func(t *testing.T) {
				b := startBrowser(t, startShop(t).url)
				b.size(width, 844)
				b.holding("/cart", "3")
				if !scripts {
					b.withoutScripts()
					b.open("/cart")
				}
				const kinds = `['email', 'country'].map(name => document.querySelector('#checkout [name=' + name + ']')).map(e => e.type + ' ' + e.autocomplete).join()`
				if got := evaluate[string](b, kinds); got != "email email,select-one country-name" {
					t.Errorf("the fields are %s", got)
				}
				for field, text := range map[string]string{"name": "Ada Lovelace", "email": "ada@home", "street": "Main Street 1", "postalCode": "1010", "city": "Vienna", "country": "Austria"} {
					b.fill("[name="+field+"]", text)
				}
				b.submit("#checkout button")
				b.sees("#checkout-email-message", "name@example.com")
				if got := b.value("checkout-country"); got != "Austria" {
					t.Errorf("the country is %q after a refusal; want Austria", got)
				}
				b.fill("#checkout-email", "ada@example.com")
				if path := b.follow("#checkout button"); !strings.HasPrefix(path, "/orders/") {
					t.Fatalf("the checkout leads to %s; want an order", path)
				}
				b.wants("#order address", "Austria")
			})
		}
	}
}
