package cart

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"selvedge/fragments"
	"selvedge/store"
)

// checkoutFields is what the form of the cart's page carries. A form that
// changes quantities carries it too, because their fields belong to it: so an
// order that is placed without a script shows what was typed.
type checkoutFields struct {
	store.Customer
	Version        *int64         `json:"version"`
	Total          *int64         `json:"total"`      // minor units
	Quantities     map[string]int `json:"quantities"` // by the id of the product
	IdempotencyKey string         `json:"idempotencyKey"`
}

// seen returns what the sender saw of the cart.
func (f checkoutFields) seen() (store.Seen, error) {
	seen := store.Seen{Version: seenVersion(f.Version), Total: f.Total}
	if f.Quantities == nil {
		return seen, nil
	}
	seen.Quantities = make(map[int64]int, len(f.Quantities))
	for id, quantity := range f.Quantities {
		productID, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return store.Seen{}, &fragments.Problem{Status: http.StatusUnprocessableEntity, Err: err,
				Detail: `The field "quantities" names products by their numbers.`, Extra: map[string]any{"field": "quantities"}}
		}
		seen.Quantities[productID] = quantity
	}
	return seen, nil
}

// differences says in sentences how a cart is another one than its buyer saw.
func (h handlers) differences(ctx context.Context, seen store.Seen, cart store.Cart) []string {
	var all []string
	add := func(name string, shown, current int) {
		all = append(all, fmt.Sprintf("%s: you saw %s, your cart has %s.", name, none(shown), none(current)))
	}
	left := maps.Clone(seen.Quantities) // of which there is no line
	for _, l := range cart.Lines {
		if shown := left[l.Product.ID]; seen.Quantities != nil && shown != l.Quantity {
			add(l.Product.Name, shown, l.Quantity)
		}
		delete(left, l.Product.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(left)) {
		name := fmt.Sprintf("Product %d", id)
		if p, err := h.store.Product(ctx, id); err == nil {
			name = p.Name
		}
		add(name, left[id], 0)
	}
	if seen.Total != nil && *seen.Total != cart.Total().Amount {
		all = append(all, fmt.Sprintf("You saw a total of %s, it is %s.", store.Euro(*seen.Total), cart.Total()))
	}
	return all
}
