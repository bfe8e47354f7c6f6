package productlist

import (
	"context"
	"fmt"

	"selvedge/store"
)

// emptyView stands where nothing matches: it says so, and leads on.
type emptyView struct {
	Suggestions []textLink     // other texts
	Unfiltered  textLink       // the search without filters, if that finds something
	Categories  []categoryLink // that have something: of that search, else of the shop
	Legend      string         // of Categories
}

type textLink struct {
	Label, Href string
}

// newEmptyView asks for what is found without filters, and else for everything.
func (h handler) newEmptyView(ctx context.Context, q store.Query, list store.List) (emptyView, error) {
	v := emptyView{Legend: "Categories that have something"}
	for _, text := range list.Suggestions {
		v.Suggestions = append(v.Suggestions, textLink{text, address(store.Query{Text: text})})
	}
	other := store.Query{Text: q.Text, PerPage: 1}
	found, err := h.products.Products(ctx, other)
	if err == nil && found.Total == 0 {
		other.Text = ""
		found, err = h.products.Products(ctx, other)
	}
	if err != nil {
		return v, fmt.Errorf("list products without filters: %w", err)
	}
	other.PerPage = store.DefaultPerPage
	if other.Text != "" {
		v.Legend = fmt.Sprintf("Categories that have “%s”", q.Text)
		v.Unfiltered = textLink{fmt.Sprintf("Show %s without filters", products(found.Total)), address(other)}
	}
	for _, c := range found.Categories {
		if c.Count > 0 {
			other.Category = c.Category
			v.Categories = append(v.Categories, categoryLink{capitalize(c.Category), address(other), products(c.Count), false})
		}
	}
	return v, nil
}
