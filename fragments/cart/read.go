package cart

import (
	"crypto/rand"
	"fmt"
	"net/http"

	"selvedge/fragments"
	"selvedge/store"
)

func (h handlers) mini(w http.ResponseWriter, r *http.Request) error {
	cart, err := h.current(r)
	if err != nil {
		return err
	}
	return fragments.HTML(w, r, miniView(cart), fragments.Private(groupsOf(cart.ID, nil)...))
}

// addForm answers with a new key each time. Its ETag is that of the cart, so
// that a form that was fetched before counts as the same until the cart changes.
func (h handlers) addForm(w http.ResponseWriter, r *http.Request) error {
	cart, err := h.current(r)
	if err != nil {
		return err
	}
	a := fragments.Private(groupsOf(cart.ID, nil)...)
	a.ETag = fmt.Sprintf(`W/"%s-%s-%d"`, Version, epoch(cart), cart.Version)
	return fragments.HTML(w, r, addFormView(cart, rand.Text()), a)
}

func (h handlers) page(w http.ResponseWriter, r *http.Request) error {
	cart, err := h.current(r)
	if err != nil {
		return err
	}
	return fragments.HTML(w, r, pageView(cart), reading(cart))
}

func (h handlers) get(w http.ResponseWriter, r *http.Request) error {
	cart, err := h.current(r)
	if err != nil {
		return err
	}
	a := reading(cart)
	a.Revision, a.Epoch = cart.Revision, epoch(cart)
	return fragments.JSON(w, r, jsonCart(cart), a)
}

func (h handlers) order(w http.ResponseWriter, r *http.Request) error {
	order, err := h.orderOf(r)
	if err != nil {
		return err
	}
	return fragments.HTML(w, r, orderView(order, h.orderLink(order.ID)), fragments.Private())
}

// orderOf returns the order that a request asks for: by a signed link any, otherwise
// one of its own cart.
func (h handlers) orderOf(r *http.Request) (store.Order, error) {
	id := r.PathValue("id")
	if query := r.URL.Query(); query.Has(linkField) {
		if !h.isSigned(id, query.Get(linkField)) {
			return store.Order{}, store.ErrNotFound
		}
		return h.store.OrderByID(r.Context(), id)
	}
	cart, ok := cartID(r)
	if !ok {
		return store.Order{}, store.ErrNotFound
	}
	return h.store.Order(r.Context(), cart, id)
}

// reading is the answer of what shows a cart with its products.
func reading(cart store.Cart) fragments.Answer {
	return fragments.Private(groupsOf(cart.ID, cart.Lines)...)
}

// groupsOf names the data of a cart and of the products in its lines. A cart
// without an id is that of nobody and can not change.
func groupsOf(cartID string, lines []store.Line) []string {
	if cartID == "" {
		return nil
	}
	groups := []string{"cart:" + cartID}
	for _, l := range lines {
		groups = append(groups, productGroup(l.Product.ID))
	}
	return groups
}

func productGroup(id int64) string { return fmt.Sprintf("product:%d", id) }
