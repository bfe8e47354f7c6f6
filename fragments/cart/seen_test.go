package cart_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

// The cart of these tests has 2 mugs and a pot, for €81.80.

// TestAnOrderOfSomethingElseIsRefusedWithTheDifference sends forms that show
// another cart than the server has, as a browser without scripts does.
func TestAnOrderOfSomethingElseIsRefusedWithTheDifference(t *testing.T) {
	tests := []struct {
		name, body string
		says       []string
	}{
		{"a quantity was typed and not saved", adasForm("quantities.1", "5", "quantities.2", "1"),
			[]string{"Mug: you saw 5, your cart has 2."}},
		{"a line came in elsewhere", adasForm("version", "1", "quantities.1", "2", "total", "3470"),
			[]string{"Pot & lid: you saw none, your cart has 1.", "You saw a total of €34.70, it is €81.80."}},
		{"a line was removed elsewhere", adasForm("quantities.1", "2", "quantities.2", "1", "quantities.3", "4"),
			[]string{"Lamp: you saw 4, your cart has none."}},
		{"what does not exist", adasForm("quantities.1", "2", "quantities.2", "1", "quantities.99", "4"),
			[]string{"Product 99: you saw 4, your cart has none."}},
		{"a price is another one", adasForm("quantities.1", "2", "quantities.2", "1", "total", "8000"),
			[]string{"You saw a total of €80.00, it is €81.80."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			s.fill(t)
			w := s.sendForm("/api/checkout", test.body)
			doc := document(t, w)
			got := doc.Find("#checkout-problem li").Map(func(_ int, li *goquery.Selection) string { return li.Text() })
			if diff := cmp.Diff(test.says, got); diff != "" || w.Code != 409 {
				t.Errorf("checkout = %d, differences (-want +got):\n%s", w.Code, diff)
			}
			if got := attr(doc.Find("#checkout-street"), "value"); got != "12 St James's Square" {
				t.Errorf("the street is %q; want what was typed", got)
			}
			if diff := cmp.Diff(map[int64]int{1: 2, 2: 1}, s.quantities(t)); diff != "" {
				t.Errorf("cart (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAProgramIsToldOfTheCartOfNow(t *testing.T) {
	s := open(t)
	s.fill(t)
	w := s.sendJSON("POST", "/api/checkout", strings.TrimSuffix(adasAddress, "}")+`,"quantities":{"1":2},"total":3470}`)
	got := parseJSON(t, w)
	if detail, _ := got["detail"].(string); w.Code != 409 || !strings.Contains(detail, "you saw none, your cart has 1") {
		t.Errorf("checkout = %d %q; want 409 with the difference", w.Code, detail)
	}
	if diff := cmp.Diff(parseJSON(t, s.get("/api/cart")), got["cart"]); diff != "" {
		t.Errorf("cart (-want +got):\n%s", diff)
	}
}

// TestAnOrderOfWhatTheFormShowsIsPlaced sends the form of the page with all
// fields that belong to it, twice.
func TestAnOrderOfWhatTheFormShowsIsPlaced(t *testing.T) {
	s := open(t)
	s.fill(t)
	doc := document(t, s.get("/cart"))
	named := doc.Find(".checkout-lines li").Map(func(_ int, li *goquery.Selection) string { return li.Text() })
	if diff := cmp.Diff([]string{"2 × Mug €29.80", "1 × Pot & lid €52.00"}, named); diff != "" {
		t.Errorf("what the order names (-want +got):\n%s", diff)
	}
	var changes []string
	for _, input := range doc.Find("#checkout input[type=hidden], input[form=checkout]").EachIter() {
		changes = append(changes, attr(input, "name"), attr(input, "value"))
	}
	var orders []string
	for range 2 {
		w := s.sendForm("/api/checkout", adasForm(changes...))
		if w.Code != 303 {
			t.Fatalf("checkout with %q = %d %s; want 303", changes, w.Code, w.Body)
		}
		orders = append(orders, w.Header().Get("Location"))
	}
	if orders[0] != orders[1] {
		t.Errorf("the same form leads to %s and %s; want one order", orders[0], orders[1])
	}
}

// TestQuantitiesAreChangedTogether sends what the button for it sends where no
// script runs, with the address that stands in the same form.
func TestQuantitiesAreChangedTogether(t *testing.T) {
	tests := []struct {
		name, body string
		want       map[int64]int
	}{
		{"two", adasForm("_method", "PATCH", "quantities.1", "5", "quantities.2", "3"), map[int64]int{1: 5, 2: 3}},
		{"one", adasForm("_method", "PATCH", "quantities.1", "5"), map[int64]int{1: 5, 2: 1}},
		{"what is not in the cart", adasForm("_method", "PATCH", "quantities.2", "2", "quantities.3", "1"), map[int64]int{1: 2, 2: 2}},
		{"none", adasForm("_method", "PATCH"), map[int64]int{1: 2, 2: 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			s.fill(t)
			if w := s.sendForm("/api/cart", test.body); w.Code != 303 {
				t.Errorf("PATCH = %d %s; want 303", w.Code, w.Body)
			}
			if diff := cmp.Diff(test.want, s.quantities(t)); diff != "" {
				t.Errorf("cart (-want +got):\n%s", diff)
			}
		})
	}
}

// TestALostAnswerLeadsToTheOrderOfWhatTheFormShows sends the form of a cart
// that was bought once more, with and without another quantity in it.
func TestALostAnswerLeadsToTheOrderOfWhatTheFormShows(t *testing.T) {
	s := open(t)
	s.fill(t)
	first := s.sendForm("/api/checkout", adasForm("quantities.1", "2", "quantities.2", "1", "total", "8180"))
	again := s.sendForm("/api/checkout", adasForm("name", "Ada L.", "quantities.1", "2", "quantities.2", "1", "total", "8180"))
	if again.Code != 303 || again.Header().Get("Location") != first.Header().Get("Location") {
		t.Errorf("the same cart again = %d to %q; want 303 to %q", again.Code, again.Header().Get("Location"), first.Header().Get("Location"))
	}
	other := s.sendForm("/api/checkout", adasForm("name", "Ada L.", "quantities.1", "5", "quantities.2", "1"))
	if other.Code != 409 {
		t.Errorf("another quantity = %d to %q; want 409", other.Code, other.Header().Get("Location"))
	}
}
