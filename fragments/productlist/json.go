package productlist

import (
	"selvedge/static"
	"selvedge/store"
)

// listJSON is the answer of GET /api/products.
type listJSON struct {
	Products   []productJSON         `json:"products"`
	Total      int                   `json:"total"`
	Page       int                   `json:"page"`
	Pages      int                   `json:"pages"`
	PerPage    int                   `json:"perPage"`
	Categories []store.CategoryCount `json:"categories"`
	InStock    int                   `json:"inStock"`
	Lowest     store.Money           `json:"lowest"`
	Highest    store.Money           `json:"highest"`

	Corrected   string   `json:"corrected,omitempty"`
	Suggestions []string `json:"suggestions,omitempty"`
}

type productJSON struct {
	ID       int64        `json:"id"`
	Name     string       `json:"name"`
	Summary  string       `json:"summary"`
	Category string       `json:"category"`
	Price    store.Money  `json:"price"`
	Stock    int          `json:"stock"`
	InStock  bool         `json:"inStock"`
	Version  int64        `json:"version"`
	Picture  *pictureJSON `json:"picture,omitempty"`
}

type pictureJSON struct {
	URL string `json:"url"`
	Alt string `json:"alt"`
}

func newListJSON(q store.Query, list store.List) listJSON {
	v := listJSON{
		Products:   make([]productJSON, len(list.Products)),
		Total:      list.Total,
		Page:       q.Page,
		Pages:      list.Pages,
		PerPage:    q.PerPage,
		Categories: list.Categories,
		InStock:    list.InStock,
		Lowest:     list.Lowest,
		Highest:    list.Highest,

		Corrected:   list.Corrected,
		Suggestions: list.Suggestions,
	}
	if v.Categories == nil {
		v.Categories = []store.CategoryCount{}
	}
	for i, p := range list.Products {
		v.Products[i] = newProductJSON(p)
	}
	return v
}

func newProductJSON(p store.Product) productJSON {
	v := productJSON{
		ID:       p.ID,
		Name:     p.Name,
		Summary:  p.Summary,
		Category: p.Category,
		Price:    p.Price,
		Stock:    p.Stock,
		InStock:  p.Stock > 0,
		Version:  p.Version,
	}
	if len(p.Pictures) > 0 {
		first := p.Pictures[0]
		v.Picture = &pictureJSON{URL: static.PictureURL(first.Name), Alt: first.Alt}
	}
	return v
}
