package cart

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"selvedge/fragments"
	"selvedge/store"
)

// address is the form of a customer: its fields in the order of a letter.
type address []field

// field is one line of the form.
type field struct {
	Name         string // in JSON and in the form
	Label        string
	Autocomplete string   // a token of the HTML attribute
	Type         string   // of the input
	Options      []string // the only values that are right, for one to be chosen; none: any
	Max          int      // characters
	Value        string
	Message      string // what is wrong with the value; empty: nothing
	IsFirst      bool   // of those with a message
}

// ID returns the id of the field's input.
func (f field) ID() string { return "checkout-" + f.Name }

// attributes are those that an input and a select have in common.
func (f field) attributes() templ.Attributes {
	all := templ.Attributes{"id": f.ID(), "name": f.Name, "autocomplete": f.Autocomplete, "required": true}
	if f.Message != "" {
		all["aria-invalid"] = "true"
		all["aria-describedby"] = f.ID() + "-message"
		all["autofocus"] = f.IsFirst // without a script
	}
	return all
}

// addressOf returns the form filled with a customer, unchecked.
func addressOf(c store.Customer) address {
	return address{
		{Name: "name", Label: "Name", Autocomplete: "name", Type: "text", Max: 100, Value: c.Name},
		{Name: "email", Label: "E-mail", Autocomplete: "email", Type: "email", Max: 254, Value: c.Email},
		{Name: "street", Label: "Street and number", Autocomplete: "address-line1", Type: "text", Max: 200, Value: c.Street},
		{Name: "postalCode", Label: "Postal code", Autocomplete: "postal-code", Type: "text", Max: 16, Value: c.PostalCode},
		{Name: "city", Label: "City", Autocomplete: "address-level2", Type: "text", Max: 100, Value: c.City},
		{Name: "country", Label: "Country", Autocomplete: "country-name", Options: countries, Max: 60, Value: c.Country},
	}
}

// check writes a message beside every value that no parcel can be sent to, and
// reports whether there is none.
func (a address) check() bool {
	ok := true
	for i := range a {
		a[i].Message = a[i].wrong()
		a[i].IsFirst = ok && a[i].Message != ""
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
	case f.Type == "email" && !isEmail(f.Value):
		return f.Label + " is not an address like name@example.com."
	case f.Options != nil && !slices.Contains(f.Options, f.Value):
		return "We do not deliver to " + f.Value + "."
	}
	return ""
}

// isEmail reports whether a text has the form of an address in the Internet. Whether
// somebody reads what is sent there, nobody knows before it was.
func isEmail(text string) bool {
	local, domain, _ := strings.Cut(text, "@")
	labels := strings.Split(domain, ".")
	return local != "" && len(labels) > 1 && !slices.Contains(labels, "") && !strings.ContainsAny(text, " <>,;:\"\\()[]") &&
		!strings.Contains(domain, "@")
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
	extra := map[string]any{"errors": messages}
	detail := ""
	for _, f := range a.wrongFields() {
		messages[f.Name] = f.Message
		detail += f.Message + " "
		if f.Options != nil {
			extra["countries"] = f.Options
		}
	}
	return &fragments.Problem{Status: http.StatusUnprocessableEntity, Title: "Address not complete",
		Detail: detail + "Nothing was ordered.", Extra: extra}
}

// trimmed returns the customer without the spaces around each value, and with the
// country as the shop writes it.
func trimmed(c store.Customer) store.Customer {
	return store.Customer{
		Name:       strings.TrimSpace(c.Name),
		Email:      strings.TrimSpace(c.Email),
		Street:     strings.TrimSpace(c.Street),
		PostalCode: strings.TrimSpace(c.PostalCode),
		City:       strings.TrimSpace(c.City),
		Country:    countryNamed(strings.TrimSpace(c.Country)),
	}
}
