package productlist

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"selvedge/fragments"
	"selvedge/store"
)

// The bounds of what a query may ask for.
const (
	maxText  = 200         // characters of q
	maxPrice = 100_000_000 // cents
	maxPage  = 1_000_000   // its offset fits an int everywhere
)

// relevance is the name of the default order, whose store.Sort is empty.
const relevance store.Sort = "relevance"

// sorts are the orders of a list, as a person is offered them for a search.
var sorts = []struct {
	Sort  store.Sort
	Label string
}{
	{relevance, "Relevance"},
	{store.SortPriceUp, "Price: low to high"},
	{store.SortPriceDown, "Price: high to low"},
	{store.SortName, "Name"},
	{store.SortNewest, "Newest"},
}

// parser takes parameters out of a query. A parameter that is absent, empty or
// refused is its default, and one that is given twice is its first value.
type parser struct {
	values   url.Values
	mistakes []mistake
}

// mistake is a parameter with a value that it does not take.
type mistake struct {
	name, allowed string
}

// refuse notes that a parameter is not what it must be.
func (p *parser) refuse(name, allowed string) {
	p.mistakes = append(p.mistakes, mistake{name, allowed})
}

// refused reports whether a parameter is not what it must be.
func (p *parser) refused(name string) bool {
	return slices.ContainsFunc(p.mistakes, func(m mistake) bool { return m.name == name && m.allowed != once })
}

// once is what every parameter must be.
const once = "given only once"

// atMostMax is what min must be where there is a max.
const atMostMax = "at most as much as max"

func badParameter(name, allowed string) *fragments.Problem {
	return &fragments.Problem{
		Status: http.StatusBadRequest,
		Title:  "This filter does not work",
		Detail: fmt.Sprintf("The parameter %s must be %s.", name, allowed),
		Extra:  map[string]any{"parameter": name},
	}
}

// value returns a parameter without the space around it.
func (p *parser) value(name string) string {
	if len(p.values[name]) > 1 {
		p.refuse(name, once)
	}
	return strings.TrimSpace(p.values.Get(name))
}

func (p *parser) text(name string) string {
	text := strings.Join(strings.Fields(p.value(name)), " ")
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		p.refuse(name, "plain text in UTF-8")
		return ""
	case utf8.RuneCountInString(text) > maxText:
		p.refuse(name, fmt.Sprintf("at most %d characters", maxText))
		return ""
	}
	return text
}

// price reads euros as cents.
func (p *parser) price(name string, least int64) int64 {
	value := p.value(name)
	if value == "" {
		return 0
	}
	cents, ok := parseEuros(value)
	if !ok || cents < least || cents > maxPrice {
		p.refuse(name, fmt.Sprintf("a price in euros from %s to %s, such as 12 or 12.50",
			formatEuros(least), formatEuros(maxPrice)))
		return 0
	}
	return cents
}

func (p *parser) flag(name string) bool {
	value := p.value(name)
	if value != "" && value != "1" {
		p.refuse(name, "1, or left out")
	}
	return value == "1"
}

func (p *parser) sort(name string) store.Sort {
	value := store.Sort(p.value(name))
	if value == store.SortRelevance || value == relevance {
		return store.SortRelevance
	}
	known := make([]string, len(sorts))
	for i, s := range sorts {
		if s.Sort == value {
			return value
		}
		known[i] = string(s.Sort)
	}
	p.refuse(name, "one of "+strings.Join(known, ", "))
	return store.SortRelevance
}

// number reads a whole number from 1 to most.
func (p *parser) number(name string, preset, most int) int {
	value := p.value(name)
	if value == "" {
		return preset
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		p.refuse(name, fmt.Sprintf("a whole number from 1 to %d", most))
		return preset
	}
	return n
}

// parseEuros reads digits with at most two decimals after a point as cents.
func parseEuros(s string) (cents int64, ok bool) {
	whole, decimals, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 9 || len(decimals) > 2 || !digits(whole+decimals) {
		return 0, false
	}
	cents, err := strconv.ParseInt(whole+(decimals + "00")[:2], 10, 64)
	return cents, err == nil
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// formatEuros is the reverse of parseEuros: 12 or 12.50.
func formatEuros(cents int64) string {
	if cents%100 == 0 {
		return strconv.FormatInt(cents/100, 10)
	}
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}
