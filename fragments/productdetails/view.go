package productdetails

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"selvedge/static"
	"selvedge/store"
)

// detailsView is what the page of a product shows.
type detailsView struct {
	ID           string
	Title        string // of the page that shows it
	Name         string
	Summary      string
	Paragraphs   []string
	Category     string
	CategoryHref string
	Price        string
	Pictures     []picture
	Specs        []store.Spec
}

// stockView says whether the product can be bought.
type stockView struct {
	ID           string
	Revision     string
	Epoch        string
	Name         string
	Category     string
	CategoryHref string
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

func newDetailsView(p store.Product) detailsView {
	v := detailsView{
		ID:           strconv.FormatInt(p.ID, 10),
		Title:        titleOf(p),
		Name:         p.Name,
		Summary:      p.Summary,
		Paragraphs:   paragraphs(p.Description),
		Category:     capitalize(p.Category),
		CategoryHref: categoryHref(p),
		Price:        p.Price.String(),
		Specs:        p.Specs,
	}
	for _, pic := range p.Pictures {
		v.Pictures = append(v.Pictures, picture{URL: static.PictureURL(pic.Name), Alt: pic.Alt})
	}
	return v
}

func newStockView(p store.Product) stockView {
	return stockView{
		ID:           strconv.FormatInt(p.ID, 10),
		Revision:     strconv.FormatInt(p.Revision, 10),
		Epoch:        p.Epoch,
		Name:         p.Name,
		Category:     capitalize(p.Category),
		CategoryHref: categoryHref(p),
		stock:        newStock(p.Stock),
	}
}

func categoryHref(p store.Product) string { return "/products?category=" + url.QueryEscape(p.Category) }

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

// paragraphs splits a text at its blank lines.
func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

func capitalize(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
