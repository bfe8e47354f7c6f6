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
	Min, Max   string
	Spans      string // "€4.90 to €249.00"; empty when nothing matches
	InStock    bool
	InStockN   int
	Sorts      []option
	Active     []removal
	Clear      string // the address without filters, which keeps the search
}

type categoryLink struct {
	Label   string
	Href    string
	Count   int
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

func newFilterView(q store.Query, list store.List) filterView {
	v := filterView{
		Categories: categoryLinks(q, list.Categories),
		Hidden:     hidden(q),
		InStock:    q.InStock,
		InStockN:   list.InStock,
		Active:     removals(q),
		Clear:      href("/", store.Query{Text: q.Text}),
	}
	if q.MinPrice > 0 {
		v.Min = formatEuros(q.MinPrice)
	}
	if q.MaxPrice > 0 {
		v.Max = formatEuros(q.MaxPrice)
	}
	if list.Highest.Amount > 0 {
		v.Spans = fmt.Sprintf("%s to %s", list.Lowest, list.Highest)
	}
	for _, s := range sorts {
		selected := s.Sort == q.Sort || s.Sort == sorts[0].Sort && q.Sort == store.SortRelevance
		v.Sorts = append(v.Sorts, option{string(s.Sort), s.Label, selected})
	}
	return v
}

func categoryLinks(q store.Query, counts []store.CategoryCount) []categoryLink {
	link := func(label, category string, n int) categoryLink {
		other := q
		other.Category, other.Page = category, 1
		return categoryLink{label, href("/", other), n, q.Category == category}
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
		all = append(all, removal{label, href("/", other)})
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
