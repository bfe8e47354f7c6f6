package store

import "time"

// Product is something that the shop sells.
type Product struct {
	ID          int64
	Name        string
	Summary     string // one sentence, for the card of a list
	Description string // paragraphs, separated by blank lines
	Category    string // one lower-case word, such as "kitchen"
	Price       Money
	Specs       []Spec    // at least five, in the order in which they are printed
	Pictures    []Picture // at least two; the first one stands on the card
	Stock       int       // pieces left, never below zero
	Version     int64     // one more with every write
	Revision    int64     // number of the store's change that last wrote it; see Cart.Revision
	Epoch       string    // of Revision; see Store.Epoch
	Added       time.Time // when it came into the shop; orders SortNewest
}

// Spec is one line of a product's specifications.
type Spec struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Picture names a drawing of the product. The store does not know how it is
// drawn or where it is served.
type Picture struct {
	Name string `json:"name"`
	Alt  string `json:"alt"` // what the picture shows, for who does not see it
}

// Sort is an order of a product list.
type Sort string

// The orders of a product list. The zero value is SortRelevance.
const (
	// SortRelevance is by where the words are found: in names before
	// categories, and in these before other texts; each word adds to that. A
	// word as it is comes before what it begins. Equal products stand by name.
	// Without words it is the shop's own order, by id.
	SortRelevance Sort = ""
	SortPriceUp   Sort = "price"
	SortPriceDown Sort = "-price"
	SortName      Sort = "name"
	SortNewest    Sort = "newest"
)

// Query selects products. The zero value is the first page of everything.
type Query struct {
	// Text is what a person typed. A product matches if it has every word of
	// it, in its name, category, summary, description or specifications; the
	// package comment says what is taken for the same word. Text without any
	// word, such as "%", matches nothing; empty text matches everything.
	Text     string
	Category string // empty: all
	MinPrice int64  // minor units; 0: no lower bound
	MaxPrice int64  // minor units; 0: no upper bound
	InStock  bool   // only what can be bought
	Sort     Sort
	Page     int // from 1; 0 is 1
	PerPage  int // 0 is DefaultPerPage, the most is MaxPerPage
}

// The number of products on a page.
const (
	DefaultPerPage = 24
	MaxPerPage     = 100
)

// List is one page of the products that match a Query, with the counts that a
// filter shows.
type List struct {
	Products []Product
	Total    int // matching products on all pages

	// Page is the page of Products and Pages how many there are, at least 1.
	// A Query for a page after the last answers with no products.
	Page, Pages int

	// Categories counts, for every category of the shop by name, the products
	// that match the query with that category instead of its own.
	Categories []CategoryCount
	// InStock counts the products that match the query and can be bought.
	InStock int
	// Lowest and Highest are the prices that the query spans without its own
	// price range; both are zero when nothing matches.
	Lowest, Highest Money

	// Corrected is what was searched for in place of the query's Text, which has
	// a word that no product has; else it is empty.
	Corrected string
	// Suggestions are texts that find something, at most three, the best first,
	// where Text finds nothing, whatever the rest of the query.
	Suggestions []string
}

// CategoryCount is a category and how many products a query finds in it.
type CategoryCount struct {
	Category string `json:"category"`
	Count    int    `json:"count"`
}
