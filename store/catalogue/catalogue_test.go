package catalogue_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"selvedge/static/picture"
	"selvedge/store"
	"selvedge/store/catalogue"
)

func TestProductsAreWhatAShopPrints(t *testing.T) {
	products := catalogue.Products()
	if len(products) < 72 {
		t.Errorf("len(Products()) = %d; want at least 72", len(products))
	}
	names := map[string]bool{}
	categories := map[string]int{}
	for i, p := range products {
		if p.ID != int64(i+1) {
			t.Errorf("%s: id %d; want %d", p.Name, p.ID, i+1)
		}
		if names[p.Name] {
			t.Errorf("%s: name stands twice", p.Name)
		}
		names[p.Name] = true
		categories[p.Category]++
		complete(t, p)
		if n := len(strings.Split(p.Description, "\n\n")); n < 2 {
			t.Errorf("%s: %d paragraphs; want at least 2", p.Name, n)
		}
	}
	for c, n := range categories {
		if n < 5 {
			t.Errorf("category %s has %d products; want at least 5", c, n)
		}
	}
	if len(categories) != 8 {
		t.Errorf("%d categories; want 8", len(categories))
	}
}

func TestTheFirstPageShowsEveryCategory(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range catalogue.Products()[:8] {
		seen[p.Category] = true
	}
	if len(seen) != 8 {
		t.Errorf("the first 8 products are of %d categories; want 8", len(seen))
	}
}

func TestNoTwoProductsShareKindColorAndPattern(t *testing.T) {
	owner := map[string]string{}
	for _, p := range catalogue.Products() {
		parts := strings.Split(p.Pictures[0].Name, ".")
		look := strings.Join(parts[:3], ".")
		if other, ok := owner[look]; ok {
			t.Errorf("%s and %s are both %s", p.Name, other, look)
		}
		owner[look] = p.Name
	}
}

func TestProductsOfTheCatalogueLookDifferent(t *testing.T) {
	differ(t, catalogue.Products())
}

func TestGeneratedProducts(t *testing.T) {
	products := slices.Collect(catalogue.Generate(3000))
	if len(products) != 3000 {
		t.Fatalf("Generate(3000) made %d products", len(products))
	}
	categories := map[string]int{}
	for i, p := range products {
		if p.ID != int64(i+1) {
			t.Errorf("id %d; want %d", p.ID, i+1)
		}
		categories[p.Category]++
		complete(t, p)
	}
	for c, n := range categories {
		if n < 100 {
			t.Errorf("category %s has %d of 3000 products; want at least 100", c, n)
		}
	}
	differ(t, products)
}

func TestGeneratedProductsDoNotDependOnTheirNumber(t *testing.T) {
	few, many := slices.Collect(catalogue.Generate(20)), slices.Collect(catalogue.Generate(40))
	for i, p := range few {
		if p.Name != many[i].Name || p.Price != many[i].Price {
			t.Errorf("product %d = %s, %v; want %s, %v", i+1, p.Name, p.Price, many[i].Name, many[i].Price)
		}
	}
}

func TestGenerateStopsWhenItsReaderStops(t *testing.T) {
	n := 0
	for range catalogue.Generate(1000) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("read %d products; want 3", n)
	}
}

// complete checks what every product must have, whoever wrote it.
func complete(t *testing.T, p store.Product) {
	t.Helper()
	from := time.Date(2024, time.November, 1, 0, 0, 0, 0, time.UTC)
	until := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	checks := map[string]bool{
		"a name":                             p.Name != "",
		"a summary of one sentence":          strings.HasSuffix(p.Summary, "."),
		"a description":                      p.Description != "",
		"a category of one lower-case word":  p.Category != "" && strings.Trim(p.Category, "abcdefghijklmnopqrstuvwxyz") == "",
		"a price above zero":                 p.Price.Amount > 0 && p.Price.Currency == store.Currency,
		"five specifications":                len(p.Specs) >= 5,
		"two pictures":                       len(p.Pictures) >= 2,
		"a stock that is not negative":       p.Stock >= 0,
		"a day within the last two years":    !p.Added.Before(from) && p.Added.Before(until),
		"a front view as its first picture":  strings.HasSuffix(p.Pictures[0].Name, ".front"),
		"specifications with name and value": !slices.ContainsFunc(p.Specs, func(s store.Spec) bool { return s.Name == "" || s.Value == "" }),
	}
	for what, ok := range checks {
		if !ok {
			t.Errorf("product %d, %s, lacks %s", p.ID, p.Name, what)
		}
	}
	for _, pic := range p.Pictures {
		if pic.Alt == "" {
			t.Errorf("%s: picture %s has no alt text", p.Name, pic.Name)
		}
	}
}

// differ draws all pictures and wants no two of them to be the same document.
func differ(t *testing.T, products []store.Product) {
	t.Helper()
	owner := map[string]string{}
	for _, p := range products {
		for _, pic := range p.Pictures {
			svg, err := picture.Draw(pic.Name)
			if err != nil {
				t.Errorf("%s: %v", p.Name, err)
				continue
			}
			if other, ok := owner[string(svg)]; ok {
				t.Errorf("%s looks like %s", pic.Name, other)
			}
			owner[string(svg)] = pic.Name
		}
	}
}

func BenchmarkGenerate100000(b *testing.B) {
	for b.Loop() {
		for range catalogue.Generate(100_000) {
		}
	}
}
