package cart

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"selvedge/fragments"
	"selvedge/store"
)

// address is the form of a customer: its fields in the order of a letter.
type address []field

// field is one line of the form.
type field struct {
	Name         string // in JSON and in the form
	Label        string
	Autocomplete string // a token of the HTML attribute
	Max          int    // characters
	Value        string
	Message      string // what is wrong with the value; empty: nothing
}

// ID returns the id of the field's input.
func (f field) ID() string { return "checkout-" + f.Name }

// addressOf returns the form filled with a customer, unchecked.
func addressOf(c store.Customer) address {
	return address{
		{Name: "name", Label: "Name", Autocomplete: "name", Max: 100, Value: c.Name},
		{Name: "street", Label: "Street and number", Autocomplete: "address-line1", Max: 200, Value: c.Street},
		{Name: "postalCode", Label: "Postal code", Autocomplete: "postal-code", Max: 16, Value: c.PostalCode},
		{Name: "city", Label: "City", Autocomplete: "address-level2", Max: 100, Value: c.City},
		{Name: "country", Label: "Country", Autocomplete: "country-name", Max: 60, Value: c.Country},
	}
}

// check writes a message beside every value that no parcel can be sent to, and
// reports whether there is none.
func (a address) check() bool {
	ok := true
	for i := range a {
		a[i].Message = a[i].wrong()
		ok = ok && a[i].Message == ""
	}
	return ok
}

func (f field) wrong() string {
	switch {
	case f.Value == "":
		return f.Label + " is missing."
	case utf8.RuneCountInString(f.Value) > f.Max:
		return fmt.Sprintf("%s has more than %d characters.", f.Label, f.Max)
	case strings.ContainsFunc(f.Value, func(c rune) bool { return !unicode.IsPrint(c) }):
		return f.Label + " has a character that cannot be printed."
	case !strings.ContainsFunc(f.Value, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }):
		return f.Label + " has no letters or digits."
	}
	return ""
}

// isBlank reports whether nobody has filled the form.
func (a address) isBlank() bool {
	return !slices.ContainsFunc(a, func(f field) bool { return f.Value != "" || f.Message != "" })
}

// wrongFields returns the fields that have a message.
func (a address) wrongFields() []field {
	var wrong []field
	for _, f := range a {
		if f.Message != "" {
			wrong = append(wrong, f)
		}
	}
	return wrong
}

func invalidAddress(a address) error {
	messages := make(map[string]string)
	detail := ""
	for _, f := range a.wrongFields() {
		messages[f.Name] = f.Message
		detail += f.Message + " "
	}
	return &fragments.Problem{Status: http.StatusUnprocessableEntity, Title: "Address not complete",
		Detail: detail + "Nothing was ordered.", Extra: map[string]any{"errors": messages}}
}

// trimmed returns the customer without the spaces around each value.
func trimmed(c store.Customer) store.Customer {
	return store.Customer{
		Name:       strings.TrimSpace(c.Name),
		Street:     strings.TrimSpace(c.Street),
		PostalCode: strings.TrimSpace(c.PostalCode),
		City:       strings.TrimSpace(c.City),
		Country:    strings.TrimSpace(c.Country),
	}
}
