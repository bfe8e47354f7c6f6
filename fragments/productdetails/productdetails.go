package productdetails

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"selvedge/fragments"
	"selvedge/store"
)

// Name is the name that templates include this fragment by.
const Name = "productdetails"

// Version is the semantic version of this fragment.
const Version = "1.0.0"

// Store is what the fragment asks of a store. Both methods answer with
// store.ErrNotFound if there is no such product.
type Store interface {
	Product(ctx context.Context, id int64) (store.Product, error)
	SetStock(ctx context.Context, id int64, stock int) (store.Product, error)
}

//go:embed productdetails.css
var files embed.FS

// New returns the fragment that shows one product. authorize returns the error of a request
// that may not set the stock. With nil, no request may.
func New(s Store, authorize func(http.ResponseWriter, *http.Request) error) (*fragments.Fragment, error) {
	h := handler{store: s, authorize: authorize}
	return fragments.New(fragments.Manifest{
		Name:    Name,
		Version: Version,
		Title:   "Product details",
		Assets:  files,
		Styles:  []string{"productdetails.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /products/{id}", Title: "A product", Sample: "/products/1", Handle: h.details},
			{Pattern: "GET /products/{id}/head", Title: "Head of its page", Sample: "/products/1/head", Handle: h.head},
			{Pattern: "GET /products/{id}/stock", Title: "Whether it can be bought", Sample: "/products/1/stock", Handle: h.stock},
			{Pattern: "GET /api/products/{id}", Title: "A product as JSON", Sample: "/api/products/1", Handle: h.api},
			{Pattern: "PATCH /api/products/{id}/stock", Title: "Set the stock", Handle: h.setStock},
		},
	})
}

type handler struct {
	store     Store
	authorize func(http.ResponseWriter, *http.Request) error
}

func (h handler) details(w http.ResponseWriter, r *http.Request) error {
	p, err := h.product(r)
	if err != nil {
		return err
	}
	a := read(p)
	a.Template = true
	return fragments.HTML(w, r, details(newDetailsView(p)), a)
}

func (h handler) stock(w http.ResponseWriter, r *http.Request) error {
	p, err := h.product(r)
	if err != nil {
		return err
	}
	return fragments.HTML(w, r, stockState(newStockView(p)), read(p))
}

func (h handler) api(w http.ResponseWriter, r *http.Request) error {
	p, err := h.product(r)
	if err != nil {
		return err
	}
	a := read(p)
	a.Revision, a.Epoch = p.Revision, p.Epoch
	return fragments.JSON(w, r, newProductJSON(p), a)
}

func (h handler) setStock(w http.ResponseWriter, r *http.Request) error {
	if h.authorize == nil {
		return &fragments.Problem{Status: http.StatusForbidden, Title: "Setting the stock is disabled"}
	}
	if err := h.authorize(w, r); err != nil {
		return err
	}
	id, err := productID(r)
	if err != nil {
		return err
	}
	var body struct {
		Stock *int `json:"stock"`
	}
	if err := fragments.Decode(w, r, &body); err != nil {
		return err
	}
	if body.Stock == nil {
		return &fragments.Problem{
			Status: http.StatusBadRequest,
			Title:  "The stock is missing",
			Detail: `Send the number of pieces, such as {"stock": 12}.`,
		}
	}
	p, err := h.store.SetStock(r.Context(), id, *body.Stock)
	if err != nil {
		return found(r, err)
	}
	return fragments.JSON(w, r, newProductJSON(p), fragments.Answer{
		Changed: []string{group(p), "products"},
	})
}

// product returns the product that the path names.
func (h handler) product(r *http.Request) (store.Product, error) {
	id, err := productID(r)
	if err != nil {
		return store.Product{}, err
	}
	p, err := h.store.Product(r.Context(), id)
	return p, found(r, err)
}

// productID reads the id in the path. Every product has one address, so
// spellings such as 007 and +7 are no ids.
func productID(r *http.Request) (int64, error) {
	text := r.PathValue("id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(id, 10) != text {
		return 0, &fragments.Problem{
			Status: http.StatusNotFound,
			Title:  "No such product",
			Detail: "The address of a product ends in its number, such as 42.",
		}
	}
	return id, nil
}

// found makes store.ErrNotFound a problem that names the product.
func found(r *http.Request, err error) error {
	id := r.PathValue("id")
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNotFound):
		return &fragments.Problem{
			Status: http.StatusNotFound,
			Title:  "No such product",
			Detail: fmt.Sprintf("There is no product %s.", id),
			Err:    err,
		}
	default:
		return fmt.Errorf("product %s: %w", id, err)
	}
}

func read(p store.Product) fragments.Answer {
	return fragments.Shared(group(p))
}

func group(p store.Product) string { return fmt.Sprintf("product:%d", p.ID) }
