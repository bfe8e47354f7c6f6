package store

import (
	"errors"
	"fmt"
	"strings"
)

// What callers branch on. Errors of a database driver are mapped to these or
// wrapped; they never reach a caller bare.
var (
	// ErrNotFound says that there is no such product, line or order, or that
	// it belongs to another cart.
	ErrNotFound = errors.New("not found")
	// ErrQuantity says that a quantity is not between 1 and MaxQuantity, or
	// would grow above it.
	ErrQuantity = fmt.Errorf("quantity is not between 1 and %d", MaxQuantity)
	// ErrStock says that a stock is negative or absurdly large.
	ErrStock = fmt.Errorf("stock is not between 0 and %d", MaxStock)
	// ErrEmpty says that a cart without lines cannot be bought.
	ErrEmpty = errors.New("the cart is empty")
	// ErrChanged says that the cart is no longer the one that its buyer saw.
	ErrChanged = errors.New("the cart has changed")
	// ErrKeyReused says that an idempotency key came back with another
	// request than the one it was made for.
	ErrKeyReused = errors.New("idempotency key was used for another request")
	// ErrBusy says that others kept the database locked for too long. Nothing
	// has changed, and the same call may be made again.
	ErrBusy = errors.New("the database is busy")
)

// ShortError says that there is not enough of some products to buy a cart.
// Nothing was bought and the cart is as it was.
type ShortError struct {
	Lines []Line // the lines that want more than there is
}

// Error names every product that is short.
func (e *ShortError) Error() string {
	parts := make([]string, len(e.Lines))
	for i, l := range e.Lines {
		parts[i] = fmt.Sprintf("%s: %d wanted, %d left", l.Product.Name, l.Quantity, l.Product.Stock)
	}
	return "not enough stock: " + strings.Join(parts, "; ")
}

// ScarceError says that a cart cannot have as many pieces of a product as are
// wanted, because there are fewer. The cart is as it was.
type ScarceError struct {
	Product Product
	Wanted  int // pieces that the cart would have of it
	InCart  int // pieces that it has
}

// Error names the product.
func (e *ScarceError) Error() string {
	return fmt.Sprintf("not enough stock: %s: %d wanted, %d left", e.Product.Name, e.Wanted, e.Product.Stock)
}

// Possible returns the most pieces of the product that the cart can have.
func (e *ScarceError) Possible() int { return min(e.Product.Stock, MaxQuantity) }
