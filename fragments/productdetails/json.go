package productdetails

import (
	"time"

	"selvedge/static"
	"selvedge/store"
)

// productJSON is a product in the REST API.
type productJSON struct {
	ID          int64         `json:"id"`
	Name        string        `json:"name"`
	Summary     string        `json:"summary"`
	Description string        `json:"description"`
	Category    string        `json:"category"`
	Price       store.Money   `json:"price"`
	Stock       int           `json:"stock"`
	InStock     bool          `json:"inStock"`
	Version     int64         `json:"version"`
	Added       time.Time     `json:"added"`
	Specs       []store.Spec  `json:"specs"`
	Pictures    []pictureJSON `json:"pictures"`
}

type pictureJSON struct {
	URL string `json:"url"`
	Alt string `json:"alt"`
}

func newProductJSON(p store.Product) productJSON {
	v := productJSON{
		ID:          p.ID,
		Name:        p.Name,
		Summary:     p.Summary,
		Description: p.Description,
		Category:    p.Category,
		Price:       p.Price,
		Stock:       p.Stock,
		InStock:     p.Stock > 0,
		Version:     p.Version,
		Added:       p.Added.UTC(),
		Specs:       append([]store.Spec{}, p.Specs...),
		Pictures:    make([]pictureJSON, len(p.Pictures)),
	}
	for i, picture := range p.Pictures {
		v.Pictures[i] = pictureJSON{URL: static.PictureURL(picture.Name), Alt: picture.Alt}
	}
	return v
}
