package store

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestErrorsSayTheirStatusAndTheirTexts(t *testing.T) {
	tests := []struct {
		err    error
		status int
		title  string
		detail string // a part of it
	}{
		{ErrNotFound, http.StatusNotFound, "Not found", "not yours to see"},
		{ErrQuantity, http.StatusUnprocessableEntity, "Quantity not possible", "between 1 and 99 pieces"},
		{ErrStock, http.StatusUnprocessableEntity, "Stock not possible", "between 0 and 1,000,000 pieces"},
		{ErrEmpty, http.StatusConflict, "Your cart is empty", "nothing in it to order"},
		{ErrChanged, http.StatusConflict, "Your cart has changed", "confirm the order"},
		{ErrKeyReused, http.StatusUnprocessableEntity, "Idempotency key reused", "choose another key"},
		{ErrBusy, http.StatusServiceUnavailable, "Too busy", "Nothing was changed"},
		{&ShortError{}, http.StatusConflict, "Not enough in stock", "Nothing was ordered."},
		{&ScarceError{}, http.StatusConflict, "Not enough in stock", " is sold out."},
	}
	for _, test := range tests {
		var got interface {
			HTTPStatus() int
			Title() string
			Detail() string
		}
		if !errors.As(fmt.Errorf("buy: %w", test.err), &got) {
			t.Errorf("%v does not say how it is answered", test.err)
			continue
		}
		if got.HTTPStatus() != test.status || got.Title() != test.title || !strings.Contains(got.Detail(), test.detail) {
			t.Errorf("%v says %d, %q, %q; want %d, %q, and %q in it", test.err,
				got.HTTPStatus(), got.Title(), got.Detail(), test.status, test.title, test.detail)
		}
	}
}
