package store

import "time"

// Customer is who receives an order.
type Customer struct {
	Name       string `json:"name"`
	Email      string `json:"email"` // empty in an order from before the shop asked for it
	Street     string `json:"street"`
	PostalCode string `json:"postalCode"`
	City       string `json:"city"`
	Country    string `json:"country"`
}

// Order is a cart that was bought. It never changes.
type Order struct {
	ID       string // random, hard to guess, short enough to read out
	CartID   string // the cart that it was made from; only its session may see it
	Customer Customer
	Lines    []OrderLine
	Shipping Money
	Placed   time.Time
}

// OrderLine is a line of an order, with name and price as they were.
type OrderLine struct {
	ProductID int64
	Name      string
	Price     Money
	Quantity  int
}

// Total returns the price of the line.
func (l OrderLine) Total() Money { return l.Price.Times(l.Quantity) }

// Subtotal returns the price of all lines.
func (o Order) Subtotal() Money {
	sum := Euro(0)
	for _, l := range o.Lines {
		sum = sum.Plus(l.Total())
	}
	return sum
}

// Total returns what the buyer pays: Subtotal and Shipping.
func (o Order) Total() Money { return o.Subtotal().Plus(o.Shipping) }
