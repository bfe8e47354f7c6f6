package productlist

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"selvedge/fragments"
	"selvedge/fragments/productlist/internal/history"
	"selvedge/store"
)

// Name is the name that templates include this fragment by.
const Name = "productlist"

// Version is the semantic version of this fragment.
const Version = "1.0.0"

// Products is what the fragment asks of a store.
type Products interface {
	Products(context.Context, store.Query) (store.List, error)
	Product(ctx context.Context, id int64) (store.Product, error)
	MostOrdered(ctx context.Context, n int) ([]store.Product, error)
	ProductIDs(context.Context) ([]int64, error)
}

//go:embed productlist.css
var files embed.FS

// New returns the fragment that lists products.
func New(products Products) (*fragments.Fragment, error) {
	h := handler{products, time.Now, history.New(rememberedVisitors)}
	return fragments.New(fragments.Manifest{
		Name:    Name,
		Version: Version,
		Title:   "Product list",
		Assets:  files,
		Styles:  []string{"productlist.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /grid", Title: "Products, filters and pages", Sample: "/grid", Handle: h.grid},
			{Pattern: "GET /stock/{id}", Title: "Whether a product can be bought", Sample: "/stock/1", Handle: h.stock},
			{Pattern: "GET /head", Title: "Head of the page of a list", Handle: h.head},
			{Pattern: "GET /home", Title: "Home page", Sample: "/home", Handle: h.home},
			{Pattern: "GET /home/head", Title: "Head of the home page", Handle: h.homeHead},
			{Pattern: "GET /categories", Title: "Links to the categories", Handle: h.categories},
			{Pattern: "GET /browse", Title: "Ways on from an error", Handle: h.browse},
			{Pattern: "GET /related/{id}", Title: "More of a product's category", Sample: "/related/1", Handle: h.related},
			{Pattern: "GET /recent/{id}", Title: "What a visitor of a product has looked at before", Sample: "/recent/1", Handle: h.recent},
			{Pattern: "GET /sitemap.xml", Title: "Addresses of all pages", Handle: h.sitemap},
			{Pattern: "GET /search", Title: "Search form of the header", Sample: "/search?q=wool", Handle: h.search},
			{Pattern: "GET /suggest", Title: "Suggestions for what is being typed", Sample: "/suggest?q=wool", Handle: h.suggest},
			{Pattern: "GET /api/products", Title: "Products as JSON", Sample: "/api/products", Handle: h.api},
		},
	})
}

type handler struct {
	products Products
	now      func() time.Time
	seen     *history.History
}

func (h handler) grid(w http.ResponseWriter, r *http.Request) error {
	t, err := read(r.URL.RawQuery)
	if err != nil {
		return err
	}
	list, err := h.shown(r.Context(), &t)
	if err != nil {
		return err
	}
	v := newGridView(t, list)
	if list.Total == 0 {
		if v.Empty, err = h.newEmptyView(r.Context(), t.query, list); err != nil {
			return err
		}
	}
	a := answer(list)
	a.Template = true
	return fragments.HTML(w, r, grid(v), a)
}

// shown returns the list of a page. A category that the shop does not have is
// taken out of the query.
func (h handler) shown(ctx context.Context, t *typed) (store.List, error) {
	list, err := h.products.Products(ctx, t.query)
	if err == nil && checkCategory(t.query.Category, list.Categories) != nil {
		t.category, t.query.Category = t.query.Category, ""
		list, err = h.products.Products(ctx, t.query)
	}
	if err != nil {
		return list, fmt.Errorf("list products: %w", err)
	}
	return list, checkPage(t.query.Page, list.Pages)
}

func (h handler) stock(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	p, err := h.products.Product(r.Context(), id)
	if err != nil {
		return err
	}
	return fragments.HTML(w, r, stockState(newStockView(p)), fragments.Shared(group(p)))
}

func (h handler) api(w http.ResponseWriter, r *http.Request) error {
	q, list, err := h.list(r)
	if err != nil {
		return err
	}
	link(w, "prev", previous(r.URL.Path, q))
	link(w, "next", next(r.URL.Path, q, list.Pages))
	return fragments.JSON(w, r, newListJSON(q, list), answer(list))
}

func (h handler) search(w http.ResponseWriter, r *http.Request) error {
	return fragments.HTML(w, r, search(searchText(r.URL.RawQuery)), fragments.Answer{
		CacheControl: "public, max-age=300",
	})
}

// list answers the query of a request. What the store must be asked for to
// tell whether it makes sense, the category and the page, is checked here.
func (h handler) list(r *http.Request) (store.Query, store.List, error) {
	q, err := parse(r.URL.RawQuery)
	if err != nil {
		return q, store.List{}, err
	}
	list, err := h.products.Products(r.Context(), q)
	if err != nil {
		return q, list, fmt.Errorf("list products: %w", err)
	}
	if err := checkCategory(q.Category, list.Categories); err != nil {
		return q, list, err
	}
	return q, list, checkPage(q.Page, list.Pages)
}

func checkCategory(category string, known []store.CategoryCount) error {
	if category == "" {
		return nil
	}
	names := make([]string, len(known))
	for i, c := range known {
		if c.Category == category {
			return nil
		}
		names[i] = c.Category
	}
	return badParameter("category", "one of "+strings.Join(names, ", "))
}

func checkPage(page, pages int) error {
	if page <= pages {
		return nil
	}
	only := fmt.Sprintf("There are only %d pages.", pages)
	if pages == 1 {
		only = "There is only 1 page."
	}
	return &fragments.Problem{
		Status: http.StatusNotFound,
		Title:  "There is no such page",
		Detail: only,
		Extra:  map[string]any{"pages": pages},
	}
}

// answer returns the headers of a list: it was made from what it shows, and
// from which products there are.
func answer(list store.List) fragments.Answer {
	groups := []string{"products"}
	for _, p := range list.Products {
		groups = append(groups, group(p))
	}
	return fragments.Shared(groups...)
}

func link(w http.ResponseWriter, rel, href string) {
	if href != "" {
		w.Header().Add("Link", fmt.Sprintf("<%s>; rel=%q", href, rel))
	}
}

func group(p store.Product) string { return fmt.Sprintf("product:%d", p.ID) }
