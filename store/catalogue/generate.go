package catalogue

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"selvedge/static/picture"
	"selvedge/store"
)

// opened is the day of the first generated product; the others follow within
// two years.
var opened = time.Date(2024, time.November, 1, 9, 0, 0, 0, time.UTC)

// Generate returns n made-up products with the ids 1 to n.
func Generate(n int) iter.Seq[store.Product] {
	return func(yield func(store.Product) bool) {
		colors := picture.Colors()
		patterns := map[string][]string{}
		for _, g := range goods {
			patterns[g.kind] = picture.Patterns(g.kind)
		}
		for id := 1; id <= n; id++ {
			// Every product has a source of its own, so that it does not
			// depend on those before it.
			r := rand.New(rand.NewPCG(uint64(id), 2026))
			g := goods[r.IntN(len(goods))]
			d := draft{good: g, r: r, id: id, color: one(r, colors), pattern: one(r, patterns[g.kind])}
			if !yield(d.product()) {
				return
			}
		}
	}
}

// draft is a product while it is being made up.
type draft struct {
	good
	r              *rand.Rand
	id             int
	color, pattern string
}

func (d draft) product() store.Product {
	material, adjective := one(d.r, d.materials), one(d.r, adjectives)
	title := capital(adjective + " " + material + " " + d.noun)
	origin := one(d.r, origins)
	return store.Product{
		ID:       int64(d.id),
		Name:     title + ", " + d.color,
		Summary:  fmt.Sprintf("A piece in %s and %s from a %s in %s.", material, d.color, one(d.r, makers), origin),
		Category: d.category,
		Description: fmt.Sprintf("%s: made of %s by a %s %s, and finished in %s. %s\n\n%s Care is simple: %s.",
			title, material, one(d.r, makers), one(d.r, places), d.color, praises[d.id%len(praises)],
			praises[(d.id+1+d.r.IntN(len(praises)-1))%len(praises)], uncapital(care[material])),
		Price:    d.price(),
		Specs:    d.specs(material, origin),
		Pictures: d.pictures(title),
		Stock:    d.stock(),
		Added:    opened.Add(time.Duration(d.r.IntN(2*365*24-9)) * time.Hour),
	}
}

// price is a round figure below 50 euros ending in 10 cents, and one in whole
// euros above.
func (d draft) price() store.Money {
	cents := d.within(d.cents)
	if cents < 5000 {
		return store.Euro(int64(cents - cents%10))
	}
	return store.Euro(int64(cents - cents%100))
}

func (d draft) specs(material, origin string) []store.Spec {
	specs := []store.Spec{
		{Name: "Material", Value: capital(material)},
		{Name: "Color", Value: capital(d.color)},
		{Name: "Height", Value: fmt.Sprintf("%d cm", d.within(d.height))},
		{Name: "Weight", Value: weight(d.within(d.grams))},
		{Name: "Care", Value: care[material]},
		{Name: "Origin", Value: origin},
	}
	if years := d.r.IntN(6); years > 1 {
		specs = append(specs, store.Spec{Name: "Warranty", Value: fmt.Sprintf("%d years", years)})
	}
	return specs
}

func (d draft) pictures(title string) []store.Picture {
	name := fmt.Sprintf("%s.%s.%s.%d.", d.kind, d.color, d.pattern, d.id)
	pictures := []store.Picture{
		{Name: name + "front", Alt: title + " in " + d.color + ", seen from the front"},
		{Name: name + "set", Alt: title + " in its surroundings"},
	}
	if d.r.IntN(2) == 0 {
		pictures = append(pictures, store.Picture{Name: name + "detail", Alt: title + ", a part of it from nearby"})
	}
	return pictures
}

// stock leaves one product in twenty sold out and one in ten nearly so.
func (d draft) stock() int {
	switch n := d.r.IntN(20); {
	case n == 0:
		return 0
	case n <= 2:
		return 1 + d.r.IntN(5)
	default:
		return 10 + d.r.IntN(191)
	}
}

func (d draft) within(span [2]int) int { return span[0] + d.r.IntN(span[1]-span[0]+1) }

func one(r *rand.Rand, words []string) string { return words[r.IntN(len(words))] }

func weight(grams int) string {
	if grams < 1000 {
		return fmt.Sprintf("%d g", grams)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(grams)/1000), ".0") + " kg"
}

func capital(s string) string   { return first(s, unicode.ToUpper) }
func uncapital(s string) string { return first(s, unicode.ToLower) }

func first(s string, change func(rune) rune) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(change(r)) + s[size:]
}
