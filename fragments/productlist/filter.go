package productlist

import (
	"fmt"
	"strconv"

	"selvedge/store"
)

// filterView is what narrows a list down: links for categories, a form for the
// rest, and a link out of each filter that is on.
type filterView struct {
	Categories []categoryLink
	Hidden     []field // parameters that the form keeps
	Min, Max   bound
	Spans      string // "€4.90 to €249.00"; empty when nothing matches
	InStock    bool
	InStockN   string // "8 products"
	Sorts      []option
	Active     []removal
	Clear      string // the address without filters, which keeps the search
}

type categoryLink struct {
	Label   string
	Href    string
	Count   string // "8 products"
	Current bool
}

type field struct {
	Name, Value string
}

type option struct {
	Value, Label string
	Selected     bool
}

// removal is a filter that is on, and the address of the list without it.
type removal struct {
	Label, Href string
}

func newFilterView(t typed, list store.List) filterView {
	q := t.query
	v := filterView{
		Categories: categoryLinks(q, list.Categories),
		Hidden:     hidden(q),
		InStock:    q.InStock,
		InStockN:   products(list.InStock),
		Min:        t.min,
		Max:        t.max,
		Active:     removals(q),
		Clear:      address(store.Query{Text: q.Text}),
	}
	if list.Highest.Amount > 0 {
		v.Spans = fmt.Sprintf("%s to %s", list.Lowest, list.Highest)
	}
	v.Sorts = options(q)
	return v
}

// options are the orders that a list is offered in. The default has no value: a
// search has the best matches first, and any other list is in the shop's own
// order.
func options(q store.Query) []option {
	all := make([]option, len(sorts))
	for i, s := range sorts {
		all[i] = option{string(s.Sort), s.Label, s.Sort == q.Sort}
	}
	all[0].Value, all[0].Selected = "", q.Sort == store.SortRelevance
	if q.Text == "" {
		all[0].Label = "Featured"
	}
	return all
}

func categoryLinks(q store.Query, counts []store.CategoryCount) []categoryLink {
	link := func(label, category string, n int) categoryLink {
		other := q
		other.Category, other.Page = category, 1
		return categoryLink{label, address(other), products(n), q.Category == category}
	}
	all := 0
	links := make([]categoryLink, 1, len(counts)+1)
	for _, c := range counts {
		all += c.Count
		links = append(links, link(capitalize(c.Category), c.Category, c.Count))
	}
	links[0] = link("All", "", all)
	return links
}

// hidden returns what the form has no control for and must not lose.
func hidden(q store.Query) []field {
	var fields []field
	if q.Text != "" {
		fields = append(fields, field{"q", q.Text})
	}
	if q.Category != "" {
		fields = append(fields, field{"category", q.Category})
	}
	if q.PerPage != store.DefaultPerPage {
		fields = append(fields, field{"perPage", strconv.Itoa(q.PerPage)})
	}
	return fields
}

func removals(q store.Query) []removal {
	var all []removal
	without := func(label string, drop func(*store.Query)) {
		other := q
		other.Page = 1
		drop(&other)
		all = append(all, removal{label, address(other)})
	}
	if q.Text != "" {
		without("“"+q.Text+"”", func(o *store.Query) { o.Text = "" })
	}
	if q.Category != "" {
		without(capitalize(q.Category), func(o *store.Query) { o.Category = "" })
	}
	if q.MinPrice > 0 {
		without("From "+store.Euro(q.MinPrice).String(), func(o *store.Query) { o.MinPrice = 0 })
	}
	if q.MaxPrice > 0 {
		without("Up to "+store.Euro(q.MaxPrice).String(), func(o *store.Query) { o.MaxPrice = 0 })
	}
	if q.InStock {
		without("In stock", func(o *store.Query) { o.InStock = false })
	}
	return all
}
