package productlist

import (
	"fmt"
	"net/http"

	"selvedge/fragments"
	"selvedge/store"
)

// siteName ends the title of every page.
const siteName = "Selvedge"

// promise is what the shop says of itself where there is nothing more to say.
const promise = "Well-made goods for every day, from people who know how they are made."

// head answers with the head of the page of a list. It is made from the query
// alone, apart from a category, which the shop may not have.
func (h handler) head(w http.ResponseWriter, r *http.Request) error {
	t, err := read(r.URL.RawQuery)
	if err != nil {
		return err
	}
	if t.query.Category != "" {
		list, err := h.products.Products(r.Context(), store.Query{PerPage: 1})
		if err != nil {
			return fmt.Errorf("list categories: %w", err)
		}
		if checkCategory(t.query.Category, list.Categories) != nil {
			t.query.Category = ""
		}
	}
	return fragments.WriteHead(w, r, newHead(t.query), fragments.Shared("products"))
}

// homeHead answers with the head of the home page.
func (h handler) homeHead(w http.ResponseWriter, r *http.Request) error {
	return fragments.WriteHead(w, r, fragments.Head{
		Title: siteName + ": well-made goods for every day", Description: promise, Site: siteName, Path: "/",
	}, fragments.Shared("products"))
}

// newHead describes a list. Its canonical address has what makes it another list,
// and not how it is cut and sorted. Search engines are asked not to list searches.
func newHead(q store.Query) fragments.Head {
	canonical := store.Query{Text: q.Text, Category: q.Category}
	if isNewIn(q) {
		canonical.Sort = q.Sort
	}
	if q.Page > 1 {
		canonical.Page = q.Page
	}
	return fragments.Head{
		Title:       titleOf(q),
		Description: description(q),
		Site:        siteName,
		Path:        address(canonical),
		Hidden:      q.Text != "",
	}
}

// titleOf is the title of the page of a list.
func titleOf(q store.Query) string {
	title := heading(q, store.List{Total: 1}) // as if something was found
	if q.Page > 1 {
		title = fmt.Sprintf("%s, page %d", title, q.Page)
	}
	return title + " · " + siteName
}

func description(q store.Query) string {
	switch {
	case q.Text != "":
		return ""
	case q.Category != "":
		return fmt.Sprintf("%s at %s: what it is made of, what it costs and how many there are. %s", capitalize(q.Category), siteName, promise)
	case isNewIn(q):
		return "The goods that came in last. " + promise
	}
	return "All goods of " + siteName + ". " + promise
}
