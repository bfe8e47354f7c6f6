package productdetails

import (
	"fmt"
	"net/http"

	"selvedge/fragments"
	"selvedge/static"
	"selvedge/store"
)

// siteName ends the title of every page.
const siteName = "Selvedge"

// head answers with the head of the page of a product. It is dropped with every
// change of the stock, so that search engines read what there is.
func (h handler) head(w http.ResponseWriter, r *http.Request) error {
	p, err := h.product(r)
	if err != nil {
		return err
	}
	head := fragments.Head{
		Title:       titleOf(p),
		Description: p.Summary,
		Site:        siteName,
		Path:        path(p),
		Kind:        "product",
		Data:        newLinkedData(p, fragments.Origin(r)),
	}
	if len(p.Pictures) > 0 {
		head.Picture = static.PictureURL(p.Pictures[0].Name)
	}
	return fragments.WriteHead(w, r, head, read(p))
}

func path(p store.Product) string { return fmt.Sprintf("/products/%d", p.ID) }

// linkedProduct is a Product of schema.org.
type linkedProduct struct {
	Context     string      `json:"@context"`
	Type        string      `json:"@type"`
	SKU         string      `json:"sku"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Category    string      `json:"category"`
	Image       []string    `json:"image,omitempty"`
	Offers      linkedOffer `json:"offers"`
}

// linkedOffer is an Offer of schema.org.
type linkedOffer struct {
	Type          string `json:"@type"`
	URL           string `json:"url"`
	Price         string `json:"price"`
	PriceCurrency string `json:"priceCurrency"`
	ItemCondition string `json:"itemCondition"`
	Availability  string `json:"availability"`
}

func newLinkedData(p store.Product, origin string) linkedProduct {
	v := linkedProduct{
		Context:     "https://schema.org",
		Type:        "Product",
		SKU:         fmt.Sprint(p.ID),
		Name:        p.Name,
		Description: p.Summary,
		Category:    capitalize(p.Category),
		Offers: linkedOffer{
			Type:          "Offer",
			URL:           origin + path(p),
			Price:         fmt.Sprintf("%d.%02d", p.Price.Amount/100, p.Price.Amount%100),
			PriceCurrency: p.Price.Currency,
			ItemCondition: "https://schema.org/NewCondition",
			Availability:  "https://schema.org/" + availability(p.Stock),
		},
	}
	for _, picture := range p.Pictures {
		v.Image = append(v.Image, origin+static.PictureURL(picture.Name))
	}
	return v
}

// availability is the ItemAvailability of schema.org for a stock.
func availability(pieces int) string {
	switch newStock(pieces).Class {
	case "stock-out":
		return "SoldOut"
	case "stock-few":
		return "LimitedAvailability"
	}
	return "InStock"
}

// titleOf is the title of the page of a product.
func titleOf(p store.Product) string { return p.Name + " · " + siteName }
