package store_test

import (
	"fmt"

	"selvedge/store"
)

// A database is opened by a package of its own; store/sqlite has an example.
func Example() {
	mug := store.Product{Name: "Café mug", Price: store.Euro(1450), Stock: 2}
	cart := store.Cart{Lines: []store.Line{{Product: mug, Quantity: 3}}}
	fmt.Println(cart.Count(), "pieces,", cart.Subtotal(), "and", cart.Shipping(), "for shipping:", cart.Total())
	fmt.Println("short:", cart.Short())
	// Output:
	// 3 pieces, €43.50 and €4.90 for shipping: €48.40
	// short: true
}
