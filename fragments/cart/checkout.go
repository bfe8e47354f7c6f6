package cart

import (
	"errors"
	"net/http"
	"strings"

	"selvedge/fragments"
	"selvedge/store"
)

func (h handlers) checkout(w http.ResponseWriter, r *http.Request) error {
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
	key, err := keyOf(r, in.IdempotencyKey)
	if err != nil {
		return err
	}
	customer := trimmed(in.Customer)
	address := addressOf(customer)
	if !address.check() {
		return h.refuse(w, r, refusal{err: invalidAddress(address), address: address, seen: seen})
	}
	order, err := h.store.Checkout(r.Context(), id, key, seen, customer)
	if made, ok := h.madeOrder(r, id, seen, err); ok {
		return answerOrder(w, r, made)
	}
	if err != nil {
		return h.refuse(w, r, refusal{err: err, address: address, seen: seen})
	}
	return answerOrder(w, r, order)
}

// refusal is a checkout that did not happen.
type refusal struct {
	err     error
	address address // as it was typed
	seen    store.Seen
	// differences are sentences about what of the cart is not as it was seen.
	differences []string
}

// refuse answers a checkout that did not happen. A person gets the form again,
// with what was typed, the cart of now, and how that is not what they saw, so
// that nothing is lost and the next attempt is about what they see.
func (h handlers) refuse(w http.ResponseWriter, r *http.Request, no refusal) error {
	status, retry := retryStatus(no.err)
	if !retry {
		return no.err
	}
	cart, err := h.current(r)
	if err != nil {
		return errors.Join(err, no.err)
	}
	if errors.Is(no.err, store.ErrChanged) {
		no.differences = h.differences(r.Context(), no.seen, cart)
	}
	if !fragments.PrefersHTML(r) {
		return no.problem(cart)
	}
	a := fragments.Answer{Status: status, CacheControl: "no-store", Vary: []string{"Accept", "Cookie"}}
	if fragments.InBackground(r) {
		return fragments.Swap(w, r, a, fragments.NoticeWhile(no.sentence(), no.while(cart)), pageView(cart), checkoutForm(cart, no.address))
	}
	return fragments.HTML(w, r, retryView(cart, no), a)
}

// problem returns the error that a program gets: for a cart that has changed,
// with what it is.
func (no refusal) problem(cart store.Cart) error {
	if !errors.Is(no.err, store.ErrChanged) {
		return no.err
	}
	return &fragments.Problem{Status: http.StatusConflict, Title: "The cart has changed", Err: no.err,
		Detail: strings.Join(append(no.differences, "Nothing was ordered."), " "),
		Extra:  map[string]any{"cart": jsonCart(cart)}}
}

// while selects, of the page of the cart, what the refusal is about: the lines that
// are short, the version of the cart, or the fields that are not right.
func (no refusal) while(cart store.Cart) string {
	var short *store.ShortError
	switch {
	case errors.As(no.err, &short):
		return "#cart .cart-short[data-field]"
	case errors.Is(no.err, store.ErrChanged):
		return `#checkout [name=version][value="` + version(cart) + `"]`
	}
	return "#checkout-address [data-field]"
}

// sentence says to a person why nothing was ordered, and what is not as they
// saw it.
func (no refusal) sentence() string {
	return strings.Join(append([]string{refusalOf(no.err)}, no.differences...), " ")
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
		return "Your cart has changed, or is not what your form showed. Nothing was ordered; look at it below, and order again."
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
