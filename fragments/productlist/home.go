package productlist

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"selvedge/fragments"
	"selvedge/store"
)

// The numbers of products in the sections of a page.
const (
	newInHome = 4
	lovedHome = 8
	suggested = 4
)

// rememberedVisitors is of how many visitors it is known what they have looked at.
const rememberedVisitors = 10_000

// homeView is what the home page shows.
type homeView struct {
	season
	Categories []categoryTile
	Sections   []section
}

// categoryTile is the link to a category.
type categoryTile struct {
	Label, Href, Count string
	Picture            picture // of one of its products; may be none
}

// section is a heading with products below.
type section struct {
	ID, Heading, Note string
	More, MoreHref    string // the link to all of them; empty: none
	Cards             []card
}

// season is what the shop says of the time of the year.
type season struct {
	Greeting, Words string
}

// seasonOf returns the season of a day in Europe, where the shop is.
func seasonOf(day time.Time) season {
	switch day.Month() {
	case time.March, time.April, time.May:
		return season{"Spring, and the windows are open", "Linen, light colors and whatever wants to go outside."}
	case time.June, time.July, time.August:
		return season{"Summer, slow and bright", "Cool cloth, long tables and things that travel well."}
	case time.September, time.October, time.November:
		return season{"Autumn, and the evenings come in", "Wool, wood and lamps for the longer half of the day."}
	}
	return season{"Winter, warm and quiet", "Blankets, stoneware and light for the short days."}
}

// home answers with the home page. Its list of what is ordered most is a minute
// old at most, since orders invalidate the products that it shows and no list.
func (h handler) home(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	front, err := h.products.Products(ctx, store.Query{})
	if err != nil {
		return fmt.Errorf("list categories: %w", err)
	}
	latest, err := h.products.Products(ctx, store.Query{Sort: store.SortNewest, PerPage: newInHome})
	if err != nil {
		return fmt.Errorf("list new products: %w", err)
	}
	loved, err := h.loved(ctx, front.Products, latest.Products)
	if err != nil {
		return err
	}
	v := homeView{season: seasonOf(h.now()), Categories: tiles(front)}
	newIn := section{ID: "home-new", Heading: "New in", More: "See what is new", MoreHref: newPath, Cards: newCards(latest.Products)}
	for i := range newIn.Cards {
		newIn.Cards[i].Early = true
	}
	v.Sections = []section{newIn, loved}
	a := fragments.Shared("products")
	a.Template = true
	return fragments.HTML(w, r, home(v), a)
}

// loved returns the section of what is ordered most, or, in a shop with too few
// orders, of what stands first in it. Products that the page shows elsewhere are
// left out, because the stock of a product has one place in a page.
func (h handler) loved(ctx context.Context, front, elsewhere []store.Product) (section, error) {
	ordered, err := h.products.MostOrdered(ctx, lovedHome+len(elsewhere))
	if err != nil {
		return section{}, fmt.Errorf("list products by orders: %w", err)
	}
	s := section{ID: "home-loved", Heading: "Most loved", Note: "What is ordered most.", More: "See all goods", MoreHref: listPath}
	s.Cards = newCards(others(ordered, elsewhere, lovedHome))
	if len(s.Cards) < lovedHome {
		s.ID, s.Heading, s.Note = "home-featured", "Featured", "Goods from all over the shop."
		s.Cards = newCards(others(front, elsewhere, lovedHome))
	}
	return s, nil
}

// others returns up to n products that are not among some.
func others(products, some []store.Product, n int) []store.Product {
	var left []store.Product
	for _, p := range products {
		known := slices.ContainsFunc(some, func(o store.Product) bool { return o.ID == p.ID })
		if !known && len(left) < n {
			left = append(left, p)
		}
	}
	return left
}

// tiles returns a link to each category, with a picture of one of the products
// if there is one of that category.
func tiles(list store.List) []categoryTile {
	all := make([]categoryTile, len(list.Categories))
	for i, c := range list.Categories {
		all[i] = categoryTile{Label: capitalize(c.Category), Href: address(store.Query{Category: c.Category}), Count: products(c.Count)}
		for _, p := range list.Products {
			if p.Category == c.Category {
				all[i].Picture = newPicture(p)
				break
			}
		}
	}
	return all
}

// categories answers with the links to the categories, for a navigation.
func (h handler) categories(w http.ResponseWriter, r *http.Request) error {
	list, err := h.products.Products(r.Context(), store.Query{PerPage: 1})
	if err != nil {
		return fmt.Errorf("list categories: %w", err)
	}
	return fragments.HTML(w, r, categoryNav(tiles(list)), fragments.Shared("products"))
}

// browse answers with ways on from a page that has no goods: a search, the
// categories, and a few products.
func (h handler) browse(w http.ResponseWriter, r *http.Request) error {
	list, err := h.products.Products(r.Context(), store.Query{})
	if err != nil {
		return fmt.Errorf("list products: %w", err)
	}
	loved, err := h.loved(r.Context(), list.Products, nil)
	if err != nil {
		return err
	}
	loved.Cards = loved.Cards[:min(len(loved.Cards), suggested)]
	a := fragments.Shared("products")
	a.Template = true
	return fragments.HTML(w, r, browse(tiles(list), loved), a)
}

// related answers with other products of the same category.
func (h handler) related(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	p, err := h.products.Product(r.Context(), id)
	if err != nil {
		return err
	}
	list, err := h.products.Products(r.Context(), store.Query{Category: p.Category})
	if err != nil {
		return fmt.Errorf("list related products: %w", err)
	}
	s := section{
		ID: "related", Heading: "More from " + capitalize(p.Category), More: "See all in " + capitalize(p.Category),
		MoreHref: address(store.Query{Category: p.Category}), Cards: plainCards(after(list.Products, p.ID, suggested)),
	}
	return fragments.HTML(w, r, relatedSection(s), fragments.Shared("products", group(p)))
}

// plainCards returns the cards of products beside that of a page.
func plainCards(products []store.Product) []card {
	cards := newCards(products)
	for i := range cards {
		cards[i].Plain = true
	}
	return cards
}

// recent answers with what a visitor has looked at before the product of a page,
// and remembers that product. The answer is the visitor's own, so that the page of
// the product stays the same for everybody else; a visitor without a session is
// shown and remembered nothing.
func (h handler) recent(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	if _, err := h.products.Product(r.Context(), id); err != nil {
		return err
	}
	s := section{ID: "recent", Heading: "Recently seen"}
	if session := fragments.Session(r); session != "" {
		if s.Cards, err = h.cardsOf(r.Context(), h.seen.Visit(session, id)); err != nil {
			return err
		}
	}
	return fragments.HTML(w, r, relatedSection(s), fragments.Private())
}

// cardsOf returns the cards of the first few products that are still there.
func (h handler) cardsOf(ctx context.Context, ids []int64) ([]card, error) {
	var found []store.Product
	for _, id := range ids {
		p, err := h.products.Product(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if found = append(found, p); len(found) == suggested {
			break
		}
	}
	return plainCards(found), nil
}

// after returns up to n products that follow one in a list, which goes on at its
// beginning, so that the pages of neighbors suggest others.
func after(list []store.Product, id int64, n int) []store.Product {
	at := slices.IndexFunc(list, func(p store.Product) bool { return p.ID == id })
	if at < 0 {
		return list[:min(n, len(list))]
	}
	turned := append(slices.Clone(list[at+1:]), list[:at]...)
	return turned[:min(n, len(turned))]
}
