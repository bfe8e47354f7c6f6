package cart

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"selvedge/fragments"
	"selvedge/store"
)

func (h handlers) add(w http.ResponseWriter, r *http.Request) error {
	id, err := ownCartID(r)
	if err != nil {
		return err
	}
	var in struct {
		ProductID      int64  `json:"productId"`
		Quantity       *int   `json:"quantity"`
		IdempotencyKey string `json:"idempotencyKey"`
	}
	if err := fragments.Decode(w, r, &in); err != nil {
		return err
	}
	quantity := 1
	if in.Quantity != nil {
		quantity = *in.Quantity
	}
	key, err := keyOf(r, in.IdempotencyKey, in.ProductID, quantity)
	if err != nil {
		return err
	}
	cart, err := h.store.Add(r.Context(), id, key, in.ProductID, quantity)
	if errors.Is(err, store.ErrNotFound) {
		return &fragments.Problem{Status: http.StatusNotFound, Title: "No such product", Err: err,
			Detail: fmt.Sprintf("The shop has no product with the number %d.", in.ProductID)}
	}
	if err != nil {
		return err
	}
	return answerCart(w, r, cart, addedNote(cart, in.ProductID, quantity), http.StatusCreated)
}

func (h handlers) setQuantity(w http.ResponseWriter, r *http.Request) error {
	id, productID, err := lineOf(r)
	if err != nil {
		return err
	}
	var in struct {
		Version        *int64 `json:"version"`
		Quantity       int    `json:"quantity"`
		IdempotencyKey string `json:"idempotencyKey"`
	}
	if err := fragments.Decode(w, r, &in); err != nil {
		return err
	}
	key, err := keyOf(r, in.IdempotencyKey, productID, in.Quantity)
	if err != nil {
		return err
	}
	cart, err := h.store.SetQuantity(r.Context(), id, key, seenVersion(in.Version), productID, in.Quantity)
	return h.answerLine(w, r, cart, err, productID, in.Quantity)
}

// setQuantities changes the lines that are named with another quantity than
// they have, one after the other. All quantities are checked first, that each is
// possible; a line that is gone is passed over.
func (h handlers) setQuantities(w http.ResponseWriter, r *http.Request) error {
	id, err := ownCartID(r)
	if err != nil {
		return err
	}
	var in checkoutFields
	if err := fragments.Decode(w, r, &in); err != nil {
		return err
	}
	seen, err := in.seen()
	if err != nil {
		return err
	}
	for _, quantity := range seen.Quantities {
		if quantity < 1 || quantity > store.MaxQuantity {
			return store.ErrQuantity
		}
	}
	cart, err := h.store.Cart(r.Context(), id)
	if err != nil {
		return err
	}
	for _, l := range cart.Lines {
		if quantity := seen.Quantities[l.Product.ID]; quantity != l.Quantity && quantity > l.Product.Stock {
			err := &store.ScarceError{Product: l.Product, Wanted: quantity, InCart: l.Quantity}
			return h.answerLine(w, r, cart, err, l.Product.ID, quantity)
		}
	}
	for _, l := range cart.Lines {
		quantity, named := seen.Quantities[l.Product.ID]
		if !named || quantity == l.Quantity {
			continue
		}
		changed, err := h.store.SetQuantity(r.Context(), id, "", seen.Version, l.Product.ID, quantity)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return h.answerLine(w, r, cart, err, l.Product.ID, quantity)
		default:
			cart = changed
		}
	}
	return answerCart(w, r, cart, savedNote(), http.StatusOK)
}

// remove takes a line out. It needs no body; one that is there can carry a key.
func (h handlers) remove(w http.ResponseWriter, r *http.Request) error {
	id, productID, err := lineOf(r)
	if err != nil {
		return err
	}
	var in struct {
		Version        *int64 `json:"version"`
		IdempotencyKey string `json:"idempotencyKey"`
	}
	if r.ContentLength != 0 {
		if err := fragments.Decode(w, r, &in); err != nil {
			return err
		}
	}
	key, err := keyOf(r, in.IdempotencyKey)
	if err != nil {
		return err
	}
	cart, err := h.store.Remove(r.Context(), id, key, seenVersion(in.Version), productID)
	return h.answerLine(w, r, cart, err, productID, 0)
}

// lineOf returns the cart and the product of a request for one line.
func lineOf(r *http.Request) (id string, productID int64, err error) {
	id, err = ownCartID(r)
	if err != nil {
		return "", 0, err
	}
	productID, err = strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return "", 0, noLine(store.ErrNotFound)
	}
	return id, productID, nil
}

func noLine(err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return &fragments.Problem{Status: http.StatusNotFound, Title: "Not in your cart", Err: err,
		Detail: "This product is not in your cart, or no longer."}
}

// keyOf returns the idempotency key of a write: the header, or the key of the
// form together with what the person chose in it, because one form is sent
// with several choices.
func keyOf(r *http.Request, formKey string, choices ...any) (string, error) {
	key, err := fragments.Key(r)
	if err != nil || key != "" || formKey == "" {
		return key, err
	}
	if len(formKey) > 100 {
		return "", &fragments.Problem{Status: http.StatusUnprocessableEntity,
			Detail: `The field "idempotencyKey" is longer than 100 bytes.`,
			Extra:  map[string]any{"field": "idempotencyKey"}}
	}
	for _, choice := range choices {
		formKey += fmt.Sprintf(":%v", choice)
	}
	return formKey, nil
}

// answerCart answers a write: the cart for a program, the page that it was
// sent from for a person, and for a script what has changed in that page.
func answerCart(w http.ResponseWriter, r *http.Request, cart store.Cart, n note, status int) error {
	a := fragments.Answer{
		Status:       status,
		Changed:      groupsOf(cart.ID, nil),
		CacheControl: "no-store",
		Vary:         []string{"Accept"},
	}
	switch {
	case !fragments.PrefersHTML(r):
		return fragments.JSON(w, r, jsonCart(cart), a)
	case fragments.InBackground(r):
		a.Status = http.StatusOK
		return fragments.Swap(w, r, a, changedViews(cart, n, fragments.PagePath(r))...)
	}
	a.Location = n.addTo(fragments.Back(r, "/cart"))
	return fragments.Redirect(w, r, a)
}

// changedViews are what a page shows of a cart that was changed as wanted.
func changedViews(cart store.Cart, n note, page string) []templ.Component {
	return append([]templ.Component{fragments.Notice(""), noteSwap(n, cart)}, shownViews(cart, page)...)
}

// shownViews are the views of a cart that a page shows. One that answers a form
// has the path of a REST route, and shows the cart.
func shownViews(cart store.Cart, page string) []templ.Component {
	if page == "/cart" || strings.HasPrefix(page, "/api/") {
		return []templ.Component{miniView(cart), pageView(cart)}
	}
	return []templ.Component{miniView(cart), addFormView(cart, rand.Text())}
}
