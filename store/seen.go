package store

import "maps"

// Seen is what a buyer saw of a cart. Checkout refuses to buy anything else.
type Seen struct {
	// Version is the cart's, or AnyVersion where the caller does not know it.
	Version int64
	// Quantities are the pieces of each product; nil: not known.
	Quantities map[int64]int
	// Total is what the buyer would pay, in minor units; nil: not known.
	Total *int64
}

// IsOf reports whether the quantities and the total are those of a cart.
func (s Seen) IsOf(c Cart) bool {
	quantities := make(map[int64]int, len(c.Lines))
	for _, l := range c.Lines {
		quantities[l.Product.ID] = l.Quantity
	}
	return s.is(quantities, c.Total())
}

// IsOfOrder reports whether the quantities and the total are those of an order.
func (s Seen) IsOfOrder(o Order) bool {
	quantities := make(map[int64]int, len(o.Lines))
	for _, l := range o.Lines {
		quantities[l.ProductID] = l.Quantity
	}
	return s.is(quantities, o.Total())
}

func (s Seen) is(quantities map[int64]int, total Money) bool {
	return (s.Total == nil || *s.Total == total.Amount) &&
		(s.Quantities == nil || maps.Equal(s.Quantities, quantities))
}
