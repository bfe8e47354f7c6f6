package cart

import (
	"errors"
	"net/http"

	"selvedge/fragments"
	"selvedge/store"
)

func (h handlers) checkout(w http.ResponseWriter, r *http.Request) error {
	id, err := ownCartID(r)
	if err != nil {
		return err
	}
	var in struct {
		store.Customer
		Version        *int64 `json:"version"`
		IdempotencyKey string `json:"idempotencyKey"`
	}
	if err := fragments.Decode(w, r, &in); err != nil {
		return err
	}
	key, err := keyOf(r, in.IdempotencyKey)
	if err != nil {
		return err
	}
	version := seenVersion(in.Version)
	customer := trimmed(in.Customer)
	address := addressOf(customer)
	if !address.check() {
		return h.refuse(w, r, address, invalidAddress(address))
	}
	order, err := h.store.Checkout(r.Context(), id, key, version, customer)
	if made, ok := h.madeOrder(r, id, version, err); ok {
		return answerOrder(w, r, made)
	}
	if err != nil {
		return h.refuse(w, r, address, err)
	}
	return answerOrder(w, r, order)
}

// refuse answers a checkout that did not happen. A person gets the form again,
// with what was typed and the cart of now, so that nothing is lost and the next
// attempt is about what they see.
func (h handlers) refuse(w http.ResponseWriter, r *http.Request, address address, err error) error {
	status, retry := retryStatus(err)
	if !retry || !fragments.PrefersHTML(r) {
		return err
	}
	cart, cartErr := h.current(r)
	if cartErr != nil {
		return errors.Join(cartErr, err)
	}
	a := fragments.Answer{Status: status, CacheControl: "no-store", Vary: []string{"Accept", "Cookie"}}
	if fragments.InBackground(r) {
		return fragments.Swap(w, r, a, fragments.Notice(refusalOf(err)), pageView(cart), checkoutForm(cart, address))
	}
	return fragments.HTML(w, r, retryView(cart, address, refusalOf(err)), a)
}

// retryStatus returns the status of a refusal after which the form can be sent
// again, and false for one after which it can not.
func retryStatus(err error) (status int, retry bool) {
	var short *store.ShortError
	var problem *fragments.Problem
	switch {
	case errors.As(err, &problem):
		return problem.Status, true
	case errors.As(err, &short), errors.Is(err, store.ErrChanged):
		return http.StatusConflict, true
	}
	return 0, false
}

// refusalOf says to a person why nothing was ordered.
func refusalOf(err error) string {
	var short *store.ShortError
	switch {
	case errors.As(err, &short):
		return "There is not enough of everything. Nothing was ordered; change the quantities in your cart, and order then."
	case errors.Is(err, store.ErrChanged):
		return "Your cart has changed since you opened this page. Nothing was ordered; look at it below, and order again."
	}
	return "Nothing was ordered: a part of the address is missing or not right."
}

func answerOrder(w http.ResponseWriter, r *http.Request, order store.Order) error {
	a := fragments.Answer{
		Status:       http.StatusCreated,
		Changed:      append(groupsOf(order.CartID, nil), "products"),
		CacheControl: "no-store",
		Vary:         []string{"Accept"},
		Location:     "/orders/" + order.ID,
	}
	for _, l := range order.Lines {
		a.Changed = append(a.Changed, productGroup(l.ProductID))
	}
	if fragments.PrefersHTML(r) {
		return fragments.Redirect(w, r, a)
	}
	return fragments.JSON(w, r, jsonOrder(order), a)
}
