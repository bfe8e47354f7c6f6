package productlist

import (
	"net/http"
	"net/url"
	"strconv"

	"selvedge/fragments"
	"selvedge/store"
)

// The addresses of lists.
const (
	listPath = "/products"
	newPath  = "/new" // that of all products, the newest first
)

// Parameters are the parameters of a list.
var Parameters = []string{"q", "category", "min", "max", "stock", "sort", "page", "perPage"}

// parse reads the query of a URL for a program. The query that it returns is
// complete: Page and PerPage are set. Its error is a *fragments.Problem with
// status 400.
func parse(raw string) (store.Query, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return store.Query{}, brokenQuery(err)
	}
	p := parser{values: values}
	q := p.query()
	if len(p.mistakes) > 0 {
		return store.Query{}, badParameter(p.mistakes[0].name, p.mistakes[0].allowed)
	}
	return q, nil
}

func brokenQuery(err error) error {
	return &fragments.Problem{
		Status: http.StatusBadRequest,
		Title:  "This address cannot be read",
		Detail: "The part of the address after the question mark is broken.",
		Err:    err,
	}
}

// query reads all parameters.
func (p *parser) query() store.Query {
	q := store.Query{
		Text:     p.text("q"),
		Category: p.value("category"),
		MinPrice: p.price("min", 0),
		MaxPrice: p.price("max", 1),
		InStock:  p.flag("stock"),
		Sort:     p.sort("sort"),
		Page:     p.number("page", 1, maxPage),
		PerPage:  p.number("perPage", store.DefaultPerPage, store.MaxPerPage),
	}
	if q.MaxPrice > 0 && q.MinPrice > q.MaxPrice {
		p.refuse("min", atMostMax)
		q.MinPrice, q.MaxPrice = 0, 0
	}
	return q
}

// encode is the reverse of parse. Parameters at their default are left out.
func encode(q store.Query) string {
	values := url.Values{}
	if q.Text != "" {
		values.Set("q", q.Text)
	}
	if q.Category != "" {
		values.Set("category", q.Category)
	}
	if q.MinPrice > 0 {
		values.Set("min", formatEuros(q.MinPrice))
	}
	if q.MaxPrice > 0 {
		values.Set("max", formatEuros(q.MaxPrice))
	}
	if q.InStock {
		values.Set("stock", "1")
	}
	if q.Sort != store.SortRelevance {
		values.Set("sort", string(q.Sort))
	}
	if q.Page > 1 {
		values.Set("page", strconv.Itoa(q.Page))
	}
	if q.PerPage > 0 && q.PerPage != store.DefaultPerPage {
		values.Set("perPage", strconv.Itoa(q.PerPage))
	}
	return values.Encode()
}

// href returns the address of a list below path.
func href(path string, q store.Query) string {
	if query := encode(q); query != "" {
		return path + "?" + query
	}
	return path
}

// address returns the address of the page that shows a list.
func address(q store.Query) string {
	if isNewIn(q) {
		q.Sort = store.SortRelevance
		return href(newPath, q)
	}
	return href(listPath, q)
}

// isNewIn reports whether a query asks for all products, the newest first.
func isNewIn(q store.Query) bool {
	return q.Sort == store.SortNewest && !isNarrowed(q)
}

// isNarrowed reports whether a query asks for less than all products.
func isNarrowed(q store.Query) bool {
	q.Sort, q.Page, q.PerPage = store.SortRelevance, 0, 0
	return q != store.Query{}
}

// searchText returns what the search box shows for the query of a URL: its q,
// or nothing if that cannot be read.
func searchText(raw string) string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return ""
	}
	p := parser{values: values}
	return p.text("q")
}
