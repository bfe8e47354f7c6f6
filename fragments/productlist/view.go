package productlist

import (
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"selvedge/static"
	"selvedge/store"
)

// gridView is what the grid shows.
type gridView struct {
	Heading string
	Count   string // "72 products" or "25–48 of 72 products"
	Filter  filterView
	Cards   []card
	Pages   pagesView
}

// card is a product in the grid.
type card struct {
	ID       string
	Href     string
	Name     string
	Category string
	Price    string
	Picture  picture
}

// stockView is the part of a card that says whether the product can be bought.
type stockView struct {
	ID       string
	Revision int64
	Epoch    string
	Name     string
	stock
}

type picture struct {
	URL, Alt string
}

// stock is how much there is of a product, in words and as a CSS class.
type stock struct {
	Words, Class string
}

// few is the stock from which on the number of pieces left is told.
const few = 5

func newGridView(q store.Query, list store.List) gridView {
	v := gridView{
		Heading: heading(q),
		Count:   count(q, list),
		Filter:  newFilterView(q, list),
		Pages:   newPagesView(q, list.Pages),
	}
	for _, p := range list.Products {
		v.Cards = append(v.Cards, newCard(p))
	}
	return v
}

func newCard(p store.Product) card {
	return card{
		ID:       strconv.FormatInt(p.ID, 10),
		Href:     fmt.Sprintf("/products/%d", p.ID),
		Name:     p.Name,
		Category: capitalize(p.Category),
		Price:    p.Price.String(),
		Picture:  newPicture(p),
	}
}

func newStockView(p store.Product) stockView {
	return stockView{ID: strconv.FormatInt(p.ID, 10), Revision: p.Revision, Epoch: p.Epoch, Name: p.Name, stock: newStock(p.Stock)}
}

// newPicture returns the first picture of a product, or nothing if it has none.
func newPicture(p store.Product) picture {
	if len(p.Pictures) == 0 {
		return picture{}
	}
	return picture{URL: static.PictureURL(p.Pictures[0].Name), Alt: p.Pictures[0].Alt}
}

func newStock(pieces int) stock {
	switch {
	case pieces <= 0:
		return stock{"Sold out", "stock-out"}
	case pieces <= few:
		return stock{fmt.Sprintf("Only %d left", pieces), "stock-few"}
	default:
		return stock{"In stock", "stock-in"}
	}
}

func (s stock) soldOut() bool { return s.Class == "stock-out" }

func heading(q store.Query) string {
	switch {
	case q.Text != "" && q.Category != "":
		return fmt.Sprintf("Results for “%s” in %s", q.Text, capitalize(q.Category))
	case q.Text != "":
		return fmt.Sprintf("Results for “%s”", q.Text)
	case q.Category != "":
		return capitalize(q.Category)
	default:
		return "All goods"
	}
}

func count(q store.Query, list store.List) string {
	products := "products"
	if list.Total == 1 {
		products = "product"
	}
	if list.Pages == 1 || len(list.Products) == 0 {
		return fmt.Sprintf("%d %s", list.Total, products)
	}
	first := (q.Page-1)*q.PerPage + 1
	last := first + len(list.Products) - 1
	if first == last {
		return fmt.Sprintf("%d of %d %s", first, list.Total, products)
	}
	return fmt.Sprintf("%d–%d of %d %s", first, last, list.Total, products)
}

func capitalize(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
