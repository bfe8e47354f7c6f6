package cart

import (
	"errors"
	"fmt"
	"net/http"

	"selvedge/fragments"
	"selvedge/store"
)

// explained returns a handler whose errors of the store say more than the store knows:
// what a program needs to try again, and until when the sentence on a page is true.
func explained(handle func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error { return explain(r, handle(w, r)) }
}

func explain(r *http.Request, err error) error {
	var problem *fragments.Problem
	var short *store.ShortError
	var scarce *store.ScarceError
	switch {
	case errors.As(err, &problem):
		return err
	case errors.As(err, &short):
		return shortProblem(short)
	case errors.As(err, &scarce):
		return scarceProblem(scarce)
	case errors.Is(err, store.ErrKeyReused) && fragments.PrefersHTML(r):
		return &fragments.Problem{Status: http.StatusConflict, Title: "Done already", Err: err,
			Detail: "This form was sent before, and what it was sent with then was done. Please load the page again to see it."}
	}
	return err
}

// shortLine is, in the JSON of a problem, a product of which there is not enough.
type shortLine struct {
	ProductID int64  `json:"productId"`
	Name      string `json:"name"`
	Wanted    int    `json:"wanted"`
	Left      int    `json:"left"`
}

// shortProblem lists the lines that want more than there is.
func shortProblem(err *store.ShortError) *fragments.Problem {
	lines := make([]shortLine, len(err.Lines))
	for i, l := range err.Lines {
		lines[i] = shortLine{l.Product.ID, l.Product.Name, l.Quantity, l.Product.Stock}
	}
	return &fragments.Problem{Status: err.HTTPStatus(), Title: err.Title(), Detail: err.Detail(), Err: err,
		Extra: map[string]any{"short": lines}}
}

// scarceProblem says how many pieces of a product a cart can have.
func scarceProblem(err *store.ScarceError) *fragments.Problem {
	p := err.Product
	return &fragments.Problem{Status: err.HTTPStatus(), Title: err.Title(), Detail: err.Detail(), Err: err,
		While: fmt.Sprintf(`#stock-%d[data-revision="%d"]`, p.ID, p.Revision),
		Extra: map[string]any{
			"short":    []shortLine{{p.ID, p.Name, err.Wanted, p.Stock}},
			"inCart":   err.InCart,
			"possible": err.Possible(),
		}}
}
