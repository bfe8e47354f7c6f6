package cart

import (
	"fmt"
	"strconv"

	"selvedge/store"
)

func version(c store.Cart) string { return strconv.FormatInt(c.Version, 10) }

// revision grows with everything that the page of a cart shows, the stock of
// its products included.
func revision(c store.Cart) string { return strconv.FormatInt(c.Revision, 10) }

// epoch names what version and revision count: the changes of one cart, in one
// life of the data.
func epoch(c store.Cart) string { return c.Epoch + "-" + c.ID[:min(8, len(c.ID))] }

// pieces says a number of pieces in words.
func pieces(n int) string {
	if n == 1 {
		return "1 piece"
	}
	return fmt.Sprintf("%d pieces", n)
}

// none says a number of pieces as a figure, and none as a word.
func none(n int) string {
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n)
}

// contents says what a cart comes to.
func contents(c store.Cart) string {
	return fmt.Sprintf("In your cart: %s, %s.", pieces(c.Count()), c.Subtotal())
}

// scarcity says how much is left of a product that a line wants more of, or all
// of; it is empty for other lines.
func scarcity(l store.Line) string {
	switch stock := l.Product.Stock; {
	case stock == 0:
		return "Sold out. Remove it to order the rest."
	case l.Short():
		return fmt.Sprintf("Only %d left. Lower the quantity to order.", stock)
	case l.Quantity < stock:
		return ""
	case stock == 1:
		return "This is the last one."
	}
	return fmt.Sprintf("These are the last %d.", l.Product.Stock)
}

// most returns the largest quantity that a line can be set to; 1 for a product
// that is sold out, whose line can only be removed.
func most(l store.Line) int { return max(1, min(l.Product.Stock, store.MaxQuantity)) }

// shipping says what sending costs.
func shipping(m store.Money) string {
	if m.Amount == 0 {
		return "Free"
	}
	return m.String()
}

// missing returns what a cart lacks for free shipping; it is zero where that
// is reached.
func missing(c store.Cart) store.Money {
	return store.Euro(max(0, store.FreeShippingFrom.Amount-c.Subtotal().Amount))
}

// lineID returns the id of an element that belongs to a line.
func lineID(what string, l store.Line) string {
	return fmt.Sprintf("%s-%d", what, l.Product.ID)
}

// lineKey returns the idempotency key of a form of a line: what it does to
// which version of the cart.
func lineKey(what string, c store.Cart, l store.Line) string {
	return fmt.Sprintf("%s-%d-v%d", what, l.Product.ID, c.Version)
}

func linePath(l store.Line) string { return fmt.Sprintf("/api/cart/%d", l.Product.ID) }

func productPath(id int64) string { return fmt.Sprintf("/products/%d", id) }

// quantityField returns the name of the field of a line's quantity in the
// checkout form.
func quantityField(l store.Line) string { return fmt.Sprintf("quantities.%d", l.Product.ID) }

// beside returns the quantity that a button beside a field sets: step more than
// it is, in the range of what is possible.
func beside(l store.Line, step int) string {
	return strconv.Itoa(min(max(l.Quantity+step, 1), most(l)))
}

// isLast says, for aria-disabled, that there is no quantity in the direction of a
// step.
func isLast(l store.Line, step int) string {
	if step < 0 && l.Quantity == 1 || step > 0 && l.Quantity >= most(l) {
		return "true"
	}
	return "false"
}

// nextStep says what a buyer can expect after an order.
func nextStep(o store.Order) string {
	where := "You would hear from us"
	if o.Customer.Email != "" {
		where = "We would write to " + o.Customer.Email
	}
	return where + " when the parcel leaves. It would be with you in 3 to 5 working days, and you would have 30 days to send it back."
}

func amount(m store.Money) string { return strconv.FormatInt(m.Amount, 10) }
