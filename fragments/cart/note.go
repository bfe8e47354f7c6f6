package cart

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"selvedge/fragments"
	"selvedge/store"
)

// note is what a person is told of a change of the cart that was done.
type note struct {
	heading string
	line    store.Line // the pieces that it is about; without a name: nothing
	leads   bool       // the note has a link to the cart
	query   string     // by which a page shows it; empty: no page does
}

// addedNote is the note of an addition, which is empty if the cart does not have
// as many pieces any more.
func addedNote(cart store.Cart, productID int64, quantity int) note {
	line := lineIn(cart, productID)
	if quantity < 1 || line.Quantity < quantity {
		return note{}
	}
	line.Quantity = quantity
	return note{heading: "Added to cart", line: line, leads: true,
		query: fmt.Sprintf("%s=%d&%s=%d", addedParameter, productID, piecesParameter, quantity)}
}

// removedNote is the note of a line that was taken out, which is empty if the cart has
// the product again.
func removedNote(cart store.Cart, p store.Product) note {
	if lineIn(cart, p.ID).Quantity > 0 {
		return note{}
	}
	return note{heading: "Removed from cart", line: store.Line{Product: p},
		query: fmt.Sprintf("%s=%d&%s=0", addedParameter, p.ID, piecesParameter)}
}

// savedNote is the note of all quantities.
func savedNote() note {
	return note{heading: "Your quantities are saved", query: addedParameter + "=" + savedQuantities}
}

// The parameters by which a page shows a note.
const (
	addedParameter  = "added"      // the id of a product, or
	savedQuantities = "quantities" // for the note of all of them
	piecesParameter = "pieces"     // how many were added; 0: all were removed
)

// addTo returns the address of a page that shows the note, in the place of one
// that it showed before.
func (n note) addTo(page string) string {
	path, query, _ := strings.Cut(page, "?")
	parameters := strings.FieldsFunc(query, func(c rune) bool { return c == '&' })
	kept := parameters[:0]
	for _, p := range parameters {
		if name, _, _ := strings.Cut(p, "="); name != addedParameter && name != piecesParameter {
			kept = append(kept, p)
		}
	}
	if n.query != "" {
		kept = append(kept, n.query)
	}
	if len(kept) == 0 {
		return path
	}
	return path + "?" + strings.Join(kept, "&")
}

// added answers with the note that the query of a page is about: for a browser
// that a form has led back to its page. A query that somebody made up says
// nothing that contradicts the visitor's cart.
func (h handlers) added(w http.ResponseWriter, r *http.Request) error {
	cart, err := h.current(r)
	if err != nil {
		return err
	}
	n, err := h.queriedNote(r, cart)
	if err != nil {
		return err
	}
	return fragments.HTML(w, r, noteView(n, cart), fragments.Private())
}

// queriedNote returns the note that the query of a request names, empty if it names
// none.
func (h handlers) queriedNote(r *http.Request, cart store.Cart) (note, error) {
	q := r.URL.Query()
	if q.Get(addedParameter) == savedQuantities {
		return savedNote(), nil
	}
	id, _ := strconv.ParseInt(q.Get(addedParameter), 10, 64)
	if number := q.Get(piecesParameter); number != "0" {
		pieces, _ := strconv.Atoi(number)
		return addedNote(cart, id, pieces), nil
	}
	p, err := h.store.Product(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return note{}, nil
	}
	return removedNote(cart, p), err
}
