package productlist

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"selvedge/fragments"
	"selvedge/store"
)

// typed is the query of a page, with the input that is not as it must be. The
// list is that of the rest of the query.
type typed struct {
	query    store.Query
	min, max bound
	category string // one that the shop does not have; empty: none
}

// bound is a bound of the price as it stands in its field.
type bound struct {
	Value   string
	Mistake string // a sentence; empty: none
}

// read reads the query of a page. A parameter that is not as it must be has its
// default, except the text and the number of the page, without which the list
// is another than the visitor has asked for: they are an error.
func read(raw string) (typed, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return typed{}, brokenQuery(err)
	}
	min, max := values.Get("min"), values.Get("max")
	p := parser{values: values}
	for _, name := range []string{"min", "max"} { // as most of Europe writes them
		values[name] = []string{strings.Replace(values.Get(name), ",", ".", 1)}
	}
	t := typed{query: p.query()}
	switch {
	case p.refused("q"):
		return t, &fragments.Problem{Status: http.StatusBadRequest, Title: "This search is not possible",
			Detail: fmt.Sprintf("A search has at most %d characters, all of them readable.", maxText)}
	case p.refused("page"):
		return t, &fragments.Problem{Status: http.StatusNotFound, Title: "There is no such page",
			Detail: "The pages of a list are counted from 1."}
	}
	t.min, t.max = p.bound("min", min), p.bound("max", max)
	return t, nil
}

// bound returns what stands in the field of a price, for what was typed.
func (p *parser) bound(name, text string) bound {
	b := bound{Value: strings.TrimSpace(text)}
	for _, m := range p.mistakes {
		switch {
		case m.name != name || m.allowed == once:
		case m.allowed == atMostMax:
			b.Mistake = "This is more than the highest price."
		default:
			b.Mistake = "Please write an amount such as 12 or 12.50."
		}
	}
	return b
}
