package cart_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAFormOfAnOlderCartIsShownTheCurrentOne sends forms of a page that showed
// version 2, after the line was written by others.
func TestAFormOfAnOlderCartIsShownTheCurrentOne(t *testing.T) {
	const update, remove = "_method=PATCH&quantity=5&version=2&idempotencyKey=", "_method=DELETE&version=2&idempotencyKey="
	tests := []struct {
		name         string
		before, form string
		code         int
		says         string
		want         map[int64]int
	}{
		{"set 5, set 1, and set 5 from the old tab", update + "line-1-v2 _method=PATCH&quantity=1&version=3&idempotencyKey=line-1-v3",
			update + "line-1-v2", 409, "has changed", map[int64]int{1: 1, 2: 1}},
		{"set 1, and set 5 from the old tab", "_method=PATCH&quantity=1&idempotencyKey=a", update + "b", 409, "has changed", map[int64]int{1: 1, 2: 1}},
		{"set 1, and remove from the old tab", "_method=PATCH&quantity=1&idempotencyKey=a", remove + "b", 409, "has changed", map[int64]int{1: 1, 2: 1}},
		{"remove, and set 5 from the old tab", "_method=DELETE&idempotencyKey=a", update + "b", 404, "no longer in your cart", map[int64]int{2: 1}},
		{"remove, and remove from the old tab", "_method=DELETE&idempotencyKey=a", remove + "b", 404, "no longer in your cart", map[int64]int{2: 1}},
		{"nothing, and set 5 with a negative version", "", "_method=PATCH&quantity=5&version=-1", 409, "has changed", map[int64]int{1: 2, 2: 1}},
		{"nothing, and set 5", "", update + "b", 303, "", map[int64]int{1: 5, 2: 1}},
		{"set 5, and set 5 once more", update + "a", update + "a", 303, "", map[int64]int{1: 5, 2: 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			s.fill(t)
			for _, form := range strings.Fields(test.before) {
				if w := s.sendForm("/api/cart/1", form); w.Code != 303 {
					t.Fatalf("%s = %d %s", form, w.Code, w.Body)
				}
			}
			w := s.sendForm("/api/cart/1", test.form)
			if got := document(t, w).Find("[role=alert]").Text(); w.Code != test.code || !strings.Contains(got, test.says) {
				t.Errorf("%s = %d %q; want %d %q", test.form, w.Code, got, test.code, test.says)
			}
			if diff := cmp.Diff(test.want, s.quantities(t)); diff != "" {
				t.Errorf("cart (-want +got):\n%s", diff)
			}
			if test.code > 400 && (w.Header().Get("Selvedge-Error") != "show" || document(t, w).Find("#cart .cart-line").Length() != len(test.want)) {
				t.Errorf("the answer does not show the cart of now: %s", w.Body)
			}
		})
	}
}

// TestAnUpdateOfAnotherLineIsTaken sends a form of a page that is old, but not
// in what the form is about.
func TestAnUpdateOfAnotherLineIsTaken(t *testing.T) {
	s := open(t)
	s.fill(t)
	s.sendForm("/api/cart/1", "_method=PATCH&quantity=5&version=2")
	if w := s.sendForm("/api/cart/2", "_method=PATCH&quantity=2&version=2"); w.Code != 303 {
		t.Errorf("update of the other line = %d; want 303", w.Code)
	}
	if diff := cmp.Diff(map[int64]int{1: 5, 2: 2}, s.quantities(t)); diff != "" {
		t.Errorf("cart (-want +got):\n%s", diff)
	}
}

// TestACheckoutThatWasDoneLeadsToItsOrder sends a checkout again whose answer
// was lost: with another key, with another address, and after the cart was
// filled again.
func TestACheckoutThatWasDoneLeadsToItsOrder(t *testing.T) {
	const form = "name=Ada+Lovelace&email=ada@example.com&street=Main+Street+1&postalCode=1010&country=Austria&version=2"
	tests := []struct {
		name, again string
		refill      bool
	}{
		{"the same form", form + "&city=Vienna&idempotencyKey=checkout-v2", false},
		{"another key", form + "&city=Vienna&idempotencyKey=other", false},
		{"another address under the same key", form + "&city=Graz&idempotencyKey=checkout-v2", false},
		{"another address", form + "&city=Graz&idempotencyKey=other", false},
		{"after the cart was filled again", form + "&city=Graz&idempotencyKey=other", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			s.fill(t)
			first := s.sendForm("/api/checkout", form+"&city=Vienna&idempotencyKey=checkout-v2")
			if first.Code != 303 {
				t.Fatalf("checkout = %d %s", first.Code, first.Body)
			}
			if test.refill {
				s.sendForm("/api/cart", "productId=1")
			}
			if again := s.sendForm("/api/checkout", test.again); again.Code != 303 || location(again) != location(first) {
				t.Errorf("the checkout once more = %d %s; want 303 and %s", again.Code, location(again), location(first))
			}
			script := s.do(request{"POST", "/api/checkout", ada, formType, test.again, []string{"Accept", "text/html", "HX-Request", "true"}})
			if got := script.Header().Get("HX-Redirect"); got != location(first) {
				t.Errorf("the checkout once more, by a script = %d to %q; want %s", script.Code, got, location(first))
			}
		})
	}
}

func location(w *httptest.ResponseRecorder) string { return w.Header().Get("Location") }

// TestNobodyIsToldOfKeys sends another request under a used key, as a person.
func TestNobodyIsToldOfKeys(t *testing.T) {
	s := open(t)
	headers := []string{"Accept", "text/html", "Idempotency-Key", "k1"}
	s.do(request{"POST", "/api/cart", ada, formType, "productId=1", headers})
	w := s.do(request{"POST", "/api/cart", ada, formType, "productId=2", headers})
	if w.Code != 409 || strings.Contains(strings.ToLower(w.Body.String()), "key") {
		t.Errorf("another request under the key = %d %s; want 409, and no word of keys", w.Code, w.Body)
	}
}
