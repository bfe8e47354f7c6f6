package catalogue

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"selvedge/store"
)

//go:embed catalogue.json
var file []byte

// entry is one product as catalogue.json has it.
type entry struct {
	Name        string          `json:"name"`
	Category    string          `json:"category"`
	Cents       int64           `json:"cents"`
	Stock       int             `json:"stock"`
	Added       string          `json:"added"` // a day, as in 2026-03-19
	Summary     string          `json:"summary"`
	Description []string        `json:"description"` // paragraphs
	Specs       []store.Spec    `json:"specs"`
	Pictures    []store.Picture `json:"pictures"`
}

// Products returns the catalogue, with the ids 1, 2, 3 and so on. The caller
// owns the result.
func Products() []store.Product {
	var entries []entry
	if err := json.Unmarshal(file, &entries); err != nil {
		panic(fmt.Sprintf("catalogue.json: %v", err))
	}
	products := make([]store.Product, len(entries))
	for i, e := range entries {
		products[i] = e.product(int64(i + 1))
	}
	return products
}

func (e entry) product(id int64) store.Product {
	added, err := time.Parse(time.DateOnly, e.Added)
	if err != nil {
		panic(fmt.Sprintf("catalogue.json: %s: %v", e.Name, err))
	}
	return store.Product{
		ID:          id,
		Name:        e.Name,
		Summary:     e.Summary,
		Description: strings.Join(e.Description, "\n\n"),
		Category:    e.Category,
		Price:       store.Euro(e.Cents),
		Specs:       e.Specs,
		Pictures:    e.Pictures,
		Stock:       e.Stock,
		Added:       added,
	}
}
