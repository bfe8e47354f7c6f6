package cart

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"selvedge/fragments"
	"selvedge/store"
)

// seenVersion returns the version of the cart that a request was made for, by
// its field version.
func seenVersion(field *int64) int64 {
	if field == nil {
		return store.AnyVersion
	}
	return max(*field, 0) // a negative one is no version, and must not mean any
}

// answerLine answers a request for one line to have a quantity, which is 0 for a
// removal. A person gets the cart of now, with a word about it, if one of these
// holds:
//   - there are fewer pieces than the quantity,
//   - the line was written after the version that the form showed,
//   - the line is no longer there,
//   - the request was done before, and the line was written again since.
func (h handlers) answerLine(w http.ResponseWriter, r *http.Request, cart store.Cart, err error, productID int64, quantity int) error {
	var scarce *store.ScarceError
	if fragments.PrefersHTML(r) {
		switch {
		case errors.As(err, &scarce):
			return h.showCurrent(w, r, http.StatusConflict, scarce.Detail())
		case errors.Is(err, store.ErrNotFound):
			return h.showCurrent(w, r, http.StatusNotFound, "It is no longer in your cart. This is your cart as it is.")
		case errors.Is(err, store.ErrChanged), err == nil && lineIn(cart, productID).Quantity != quantity:
			return h.showCurrent(w, r, http.StatusConflict,
				"Your cart has changed since this page showed it. This is your cart as it is; change it again if you still want to.")
		}
	}
	if err != nil {
		return noLine(err)
	}
	n := note{heading: "Saved", line: lineIn(cart, productID), query: savedNote().query}
	if quantity == 0 {
		p, _ := h.store.Product(r.Context(), productID) // only its name is missing without it
		n = removedNote(cart, p)
	}
	return answerCart(w, r, cart, n, http.StatusOK)
}

// lineIn returns the line of a product, and one without pieces if there is none.
func lineIn(c store.Cart, productID int64) store.Line {
	for _, l := range c.Lines {
		if l.Product.ID == productID {
			return l
		}
	}
	return store.Line{}
}

// showCurrent answers a person whose request was not done with the cart of now.
func (h handlers) showCurrent(w http.ResponseWriter, r *http.Request, status int, text string) error {
	cart, err := h.current(r)
	if err != nil {
		return err
	}
	a := fragments.Answer{Status: status, CacheControl: "no-store", Vary: []string{"Accept", "Cookie"}}
	if fragments.InBackground(r) {
		views := append([]templ.Component{fragments.NoticeWhile(text, shownRevision(cart))}, shownViews(cart, fragments.PagePath(r))...)
		return fragments.Swap(w, r, a, views...)
	}
	return fragments.HTML(w, r, changedView(cart, text), a)
}

// shownRevision selects the page of a cart while it is as it is.
func shownRevision(cart store.Cart) string {
	return `#cart[data-revision="` + revision(cart) + `"]`
}

// madeOrder returns the order that was made of what the buyer saw of the cart,
// if err says that this cannot be bought, or not any more: the buyer did not see
// the answer to the first checkout.
func (h handlers) madeOrder(r *http.Request, cartID string, seen store.Seen, err error) (store.Order, bool) {
	taken := errors.Is(err, store.ErrChanged) || errors.Is(err, store.ErrEmpty) || errors.Is(err, store.ErrKeyReused)
	if !taken || !fragments.PrefersHTML(r) {
		return store.Order{}, false
	}
	order, err := h.store.OrderOfVersion(r.Context(), cartID, seen.Version)
	return order, err == nil && seen.IsOfOrder(order)
}
