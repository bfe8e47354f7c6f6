package cart

import (
	"time"

	"selvedge/store"
)

// cartJSON is a cart as programs see it. The id of the cart is not part of it.
type cartJSON struct {
	Version  int64       `json:"version"`
	Lines    []lineJSON  `json:"lines"`
	Count    int         `json:"count"`
	Subtotal store.Money `json:"subtotal"`
	Shipping store.Money `json:"shipping"`
	Total    store.Money `json:"total"`
}

type lineJSON struct {
	ID        int64       `json:"id"` // of the line in the routes: its product's
	ProductID int64       `json:"productId"`
	Name      string      `json:"name"`
	Price     store.Money `json:"price"`
	Quantity  int         `json:"quantity"`
	Total     store.Money `json:"total"`
	Stock     int         `json:"stock"`
	Short     bool        `json:"short"` // more wanted than left
}

func jsonCart(c store.Cart) cartJSON {
	lines := make([]lineJSON, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = lineJSON{
			ID: l.Product.ID, ProductID: l.Product.ID, Name: l.Product.Name, Price: l.Product.Price,
			Quantity: l.Quantity, Total: l.Total(), Stock: l.Product.Stock, Short: l.Short(),
		}
	}
	return cartJSON{
		Version: c.Version, Lines: lines, Count: c.Count(),
		Subtotal: c.Subtotal(), Shipping: c.Shipping(), Total: c.Total(),
	}
}

type orderJSON struct {
	ID       string          `json:"id"`
	Placed   time.Time       `json:"placed"`
	Customer store.Customer  `json:"customer"`
	Lines    []orderLineJSON `json:"lines"`
	Subtotal store.Money     `json:"subtotal"`
	Shipping store.Money     `json:"shipping"`
	Total    store.Money     `json:"total"`
}

type orderLineJSON struct {
	ProductID int64       `json:"productId"`
	Name      string      `json:"name"`
	Price     store.Money `json:"price"`
	Quantity  int         `json:"quantity"`
	Total     store.Money `json:"total"`
}

func jsonOrder(o store.Order) orderJSON {
	lines := make([]orderLineJSON, len(o.Lines))
	for i, l := range o.Lines {
		lines[i] = orderLineJSON{l.ProductID, l.Name, l.Price, l.Quantity, l.Total()}
	}
	return orderJSON{
		ID: o.ID, Placed: o.Placed, Customer: o.Customer, Lines: lines,
		Subtotal: o.Subtotal(), Shipping: o.Shipping, Total: o.Total(),
	}
}
