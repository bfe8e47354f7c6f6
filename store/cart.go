package store

// MaxQuantity is the most pieces of one product in a cart.
const MaxQuantity = 99

// Shipping costs ShippingFee below FreeShippingFrom and nothing from there.
var (
	ShippingFee      = Euro(490)
	FreeShippingFrom = Euro(5000)
)

// Cart is what one session means to buy. A cart that was never written to is
// empty and has version 0.
type Cart struct {
	ID      string
	Version int64 // one more with every write
	// Revision is the number of the last change, counted over the whole store,
	// of the cart or of a product in it. It grows whenever anything that the
	// cart shows changes, and never shrinks; 0 if nothing was ever written.
	Revision int64
	// Epoch is the one of the store. Revisions of two epochs, and those of two
	// carts, cannot be compared.
	Epoch string
	Lines []Line
}

// Line is one product in a cart. The product is the one of now: its price
// and stock may have changed since it was put in.
type Line struct {
	Product  Product
	Quantity int // 1 to MaxQuantity
}

// Total returns the price of the line.
func (l Line) Total() Money { return l.Product.Price.Times(l.Quantity) }

// Short reports whether there are fewer pieces left than the line wants.
func (l Line) Short() bool { return l.Product.Stock < l.Quantity }

// Count returns the number of pieces in the cart.
func (c Cart) Count() int {
	n := 0
	for _, l := range c.Lines {
		n += l.Quantity
	}
	return n
}

// Subtotal returns the price of all lines.
func (c Cart) Subtotal() Money {
	sum := Euro(0)
	for _, l := range c.Lines {
		sum = sum.Plus(l.Total())
	}
	return sum
}

// Shipping returns what sending the cart costs. An empty cart costs nothing.
func (c Cart) Shipping() Money {
	if len(c.Lines) == 0 || c.Subtotal().Amount >= FreeShippingFrom.Amount {
		return Euro(0)
	}
	return ShippingFee
}

// Total returns what the buyer pays: Subtotal and Shipping.
func (c Cart) Total() Money { return c.Subtotal().Plus(c.Shipping()) }

// Short reports whether any line wants more than there is, so that Checkout
// would refuse.
func (c Cart) Short() bool {
	for _, l := range c.Lines {
		if l.Short() {
			return true
		}
	}
	return false
}
