package store

import (
	"fmt"
	"net/http"
	"strings"
)

// Error is an error that callers branch on. It says, in the words of the shop, what
// package fragments shows for it: a status of HTTP, a title, and a sentence for a
// person.
type Error struct {
	text          string
	status        int
	title, detail string
}

// Error returns the text for a log.
func (e *Error) Error() string { return e.text }

// HTTPStatus returns the status of a response (RFC 9110 §15) to a request that ended
// with the error.
func (e *Error) HTTPStatus() int { return e.status }

// Title returns in a few words what kind of error it is.
func (e *Error) Title() string { return e.title }

// Detail returns for a person what is wrong and what to do.
func (e *Error) Detail() string { return e.detail }

// Errors of a database driver are mapped to these or wrapped; they never reach a
// caller bare.
var (
	// ErrNotFound says that there is no such product, line or order, or that
	// it belongs to another cart.
	ErrNotFound error = &Error{"not found", http.StatusNotFound, "Not found",
		"It does not exist, or it is not yours to see."}
	// ErrQuantity says that a quantity is not between 1 and MaxQuantity, or
	// would grow above it.
	ErrQuantity error = &Error{fmt.Sprintf("quantity is not between 1 and %d", MaxQuantity),
		http.StatusUnprocessableEntity, "Quantity not possible",
		fmt.Sprintf("A cart takes between 1 and %d pieces of a product.", MaxQuantity)}
	// ErrStock says that a stock is negative or absurdly large.
	ErrStock error = &Error{fmt.Sprintf("stock is not between 0 and %d", MaxStock),
		http.StatusUnprocessableEntity, "Stock not possible", "A stock is between 0 and 1,000,000 pieces."}
	// ErrEmpty says that a cart without lines cannot be bought.
	ErrEmpty error = &Error{"the cart is empty", http.StatusConflict, "Your cart is empty",
		"There is nothing in it to order."}
	// ErrChanged says that the cart is no longer the one that its buyer saw.
	ErrChanged error = &Error{"the cart has changed", http.StatusConflict, "Your cart has changed",
		"It is no longer the cart that you saw. Please look at it again and confirm the order."}
	// ErrKeyReused says that an idempotency key came back with another
	// request than the one it was made for.
	ErrKeyReused error = &Error{"idempotency key was used for another request",
		http.StatusUnprocessableEntity, "Idempotency key reused",
		"This key was used for another request. Load the page again, or choose another key."}
	// ErrBusy says that others kept the database locked for too long. Nothing
	// has changed, and the same call may be made again.
	ErrBusy error = &Error{"the database is busy", http.StatusServiceUnavailable, "Too busy",
		"The shop has more to write than it can right now. Nothing was changed; please try again in a moment."}
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

// HTTPStatus returns 409 Conflict.
func (e *ShortError) HTTPStatus() int { return http.StatusConflict }

// Title returns in a few words what kind of error it is.
func (e *ShortError) Title() string { return "Not enough in stock" }

// Detail says for a person how much is left of each product.
func (e *ShortError) Detail() string {
	detail := ""
	for _, l := range e.Lines {
		if l.Product.Stock == 0 {
			detail += l.Product.Name + " is sold out. "
		} else {
			detail += fmt.Sprintf("Only %d of %s left. ", l.Product.Stock, l.Product.Name)
		}
	}
	return detail + "Nothing was ordered."
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

// HTTPStatus returns 409 Conflict.
func (e *ScarceError) HTTPStatus() int { return http.StatusConflict }

// Title returns in a few words what kind of error it is.
func (e *ScarceError) Title() string { return "Not enough in stock" }

// Detail says for a person how much is left, and how much of it the cart has.
func (e *ScarceError) Detail() string {
	detail := e.Product.Name + " is sold out"
	if e.Product.Stock > 0 {
		detail = fmt.Sprintf("%s: Only %d left", e.Product.Name, e.Product.Stock)
	}
	switch {
	case e.InCart == 1:
		detail += "; 1 is in your cart"
	case e.InCart > 1:
		detail += fmt.Sprintf("; %d are in your cart", e.InCart)
	}
	return detail + "."
}

// Possible returns the most pieces of the product that the cart can have.
func (e *ScarceError) Possible() int { return min(e.Product.Stock, MaxQuantity) }
