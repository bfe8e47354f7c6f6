package productlist

import (
	"cmp"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"selvedge/static"
	"selvedge/store"
)

// gridView is what the grid shows.
type gridView struct {
	Title   string // of the page that shows it
	Heading string
	Notice  string // what of the query is not shown; empty: nothing
	Count   string // "72 products" or "25–48 of 72 products"
	Note    string // that something else was searched for, or empty
	Filter  filterView
	Cards   []card
	Pages   pagesView
	Empty   emptyView // where there are no cards
}

// card is a product in the grid.
type card struct {
	ID       string
	Href     string
	Name     string
	Category string
	Price    string
	Picture  picture
	Early    bool // the picture is loaded with the page, before other pictures
	Plain    bool // the card has no button, because the quantity of the page is another product's
	Minor    bool // the card stands below a heading of its own section
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

func newGridView(t typed, list store.List) gridView {
	q := t.query
	v := gridView{
		Title:   titleOf(q),
		Heading: heading(q, list),
		Count:   count(q, list),
		Note:    note(q, list),
		Filter:  newFilterView(t, list),
		Pages:   newPagesView(q, list.Pages),
	}
	if t.category != "" {
		v.Notice = fmt.Sprintf("There is no category “%s”, so these are the goods of all categories.", t.category)
	}
	v.Cards = newCards(list.Products)
	for i := range min(len(v.Cards), early) {
		v.Cards[i].Early = true
	}
	return v
}

// early is the number of cards whose pictures are likely to be in view at once.
const early = 4

// minor returns the card for a section with a heading of its own.
func (c card) minor() card {
	c.Minor = true
	return c
}

func newCards(products []store.Product) []card {
	cards := make([]card, len(products))
	for i, p := range products {
		cards[i] = newCard(p)
	}
	return cards
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

func heading(q store.Query, list store.List) string {
	found := "Results"
	if list.Total == 0 {
		found = "Nothing found"
	}
	text := cmp.Or(list.Corrected, q.Text)
	switch {
	case text != "" && q.Category != "":
		return fmt.Sprintf("%s for “%s” in %s", found, text, capitalize(q.Category))
	case text != "":
		return fmt.Sprintf("%s for “%s”", found, text)
	case q.Category != "":
		return capitalize(q.Category)
	case isNewIn(q):
		return "New in"
	default:
		return "All goods"
	}
}

func note(q store.Query, list store.List) string {
	if list.Corrected == "" {
		return ""
	}
	return fmt.Sprintf("No product has “%s”, so we searched for “%s”.", q.Text, list.Corrected)
}

func count(q store.Query, list store.List) string {
	all := products(list.Total)
	if list.Pages == 1 || len(list.Products) == 0 {
		return all
	}
	first := (q.Page-1)*q.PerPage + 1
	last := first + len(list.Products) - 1
	if first == last {
		return fmt.Sprintf("%d of %s", first, all)
	}
	return fmt.Sprintf("%d–%d of %s", first, last, all)
}

// products counts products in words.
func products(n int) string {
	if n == 1 {
		return "1 product"
	}
	return fmt.Sprintf("%d products", n)
}

func capitalize(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
