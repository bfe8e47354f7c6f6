package productlist

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"selvedge/fragments"
	"selvedge/store"
)

// The most options of each kind. A list is to be looked over at a glance.
const (
	maxSuggestedGoods      = 6
	maxSuggestedCategories = 2
)

// suggestion is an option of the list below the search field.
type suggestion struct {
	ID     string
	Href   string
	Label  string
	Detail string
}

// suggest answers with what a text may be about. Like the search form it never
// refuses: it suggests nothing instead.
func (h handler) suggest(w http.ResponseWriter, r *http.Request) error {
	text := searchText(r.URL.RawQuery)
	if text == "" {
		return fragments.HTML(w, r, suggestions(nil), fragments.Shared("products"))
	}
	list, err := h.products.Products(r.Context(), store.Query{Text: text, PerPage: maxSuggestedGoods})
	if err != nil {
		return fmt.Errorf("suggest products: %w", err)
	}
	return fragments.HTML(w, r, suggestions(newSuggestions(text, list)), answer(list))
}

func newSuggestions(text string, list store.List) []suggestion {
	all := suggestedCategories(text, list.Categories)
	for _, p := range list.Products {
		c := newCard(p)
		all = append(all, suggestion{Label: c.Name, Detail: c.Price, Href: c.Href})
	}
	if list.Total > len(list.Products) {
		searched := cmp.Or(list.Corrected, text)
		all = append(all, suggestion{
			Label: fmt.Sprintf("All %s for “%s”", products(list.Total), searched),
			Href:  address(store.Query{Text: searched}),
		})
	}
	for _, other := range list.Suggestions {
		all = append(all, suggestion{Label: other, Detail: "Did you mean", Href: address(store.Query{Text: other})})
	}
	for i := range all {
		all[i].ID = "search-suggestion-" + strconv.Itoa(i+1)
	}
	return all
}

// suggestedCategories returns those whose names begin with the text.
func suggestedCategories(text string, categories []store.CategoryCount) []suggestion {
	var all []suggestion
	for _, c := range categories {
		if strings.HasPrefix(c.Category, strings.ToLower(text)) && len(all) < maxSuggestedCategories {
			all = append(all, suggestion{
				Label: capitalize(c.Category), Detail: "Category", Href: address(store.Query{Category: c.Category}),
			})
		}
	}
	return all
}
