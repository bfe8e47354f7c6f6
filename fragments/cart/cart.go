package cart

import (
	"context"
	"crypto/rand"
	"embed"

	"selvedge/fragments"
	"selvedge/store"
)

// Name and Version are those of the manifest.
const (
	Name    = "cart"
	Version = "1.0.0"
)

// Store is what the cart needs of the shop's data. Its methods and their errors
// are those of *store.Store.
type Store interface {
	Cart(ctx context.Context, cartID string) (store.Cart, error)
	Add(ctx context.Context, cartID, key string, productID int64, quantity int) (store.Cart, error)
	SetQuantity(ctx context.Context, cartID, key string, version, productID int64, quantity int) (store.Cart, error)
	Remove(ctx context.Context, cartID, key string, version, productID int64) (store.Cart, error)
	Checkout(ctx context.Context, cartID, key string, seen store.Seen, customer store.Customer) (store.Order, error)
	Order(ctx context.Context, cartID, orderID string) (store.Order, error)
	OrderByID(ctx context.Context, orderID string) (store.Order, error)
	OrderOfVersion(ctx context.Context, cartID string, version int64) (store.Order, error)
	Product(ctx context.Context, id int64) (store.Product, error)
}

var _ Store = (*store.Store)(nil)

// Options say more about a cart. The zero value works.
type Options struct {
	// LinkKey signs the links to orders. A link is good for as long as the key is
	// the same. Default: a random one, so that links end with the fragment.
	LinkKey []byte
}

//go:embed cart.css
var files embed.FS

// New returns the fragment.
func New(s Store, o Options) (*fragments.Fragment, error) {
	if o.LinkKey == nil {
		o.LinkKey = []byte(rand.Text())
	}
	h := handlers{store: s, linkKey: o.LinkKey}
	return fragments.New(fragments.Manifest{
		Name:    Name,
		Version: Version,
		Title:   "The shopping cart",
		Assets:  files,
		Styles:  []string{"cart.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /mini", Title: "Badge for the header", Sample: "/mini", Handle: h.mini},
			{Pattern: "GET /add", Title: "Form that buttons add with", Sample: "/add", Handle: h.addForm},
			{Pattern: "GET /added", Title: "What was added", Handle: h.added},
			{Pattern: "GET /cart", Title: "Cart and checkout", Sample: "/cart", Handle: h.page},
			{Pattern: "GET /orders/{id}", Title: "Order", Handle: h.order},
			{Pattern: "GET /api/cart", Title: "Cart as JSON", Sample: "/api/cart", Handle: h.get},
			{Pattern: "POST /api/cart", Title: "Add to the cart", Handle: explained(h.add)},
			{Pattern: "PATCH /api/cart", Title: "Change the quantities of lines", Handle: explained(h.setQuantities)},
			{Pattern: "PATCH /api/cart/{id}", Title: "Change the quantity of a line", Handle: explained(h.setQuantity)},
			{Pattern: "DELETE /api/cart/{id}", Title: "Remove a line", Handle: explained(h.remove)},
			{Pattern: "POST /api/checkout", Title: "Order what is in the cart", Handle: explained(h.checkout)},
		},
	})
}

type handlers struct {
	store   Store
	linkKey []byte
}
