package cart_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// text returns what a person reads, without the space around words.
func text(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestAScriptIsToldWhatWasDone looks at the note of each change.
func TestAScriptIsToldWhatWasDone(t *testing.T) {
	s := open(t)
	tests := []struct {
		name, page, path, body, note string
		links                        int
	}{
		{"add", "/", "/api/cart", "productId=1&quantity=2", "Added to cart 2 × Mug In your cart: 2 pieces, €29.80.View cart", 1},
		{"add the same", "/", "/api/cart", "productId=1", "Added to cart 1 × Mug In your cart: 3 pieces, €44.70.View cart", 1},
		{"change", "/cart", "/api/cart/1", "_method=PATCH&quantity=5", "Saved 5 × Mug In your cart: 5 pieces, €74.50.", 0},
		{"remove", "/cart", "/api/cart/1", "_method=DELETE", "Removed from cart Mug In your cart: 0 pieces, €0.00.", 0},
	}
	ids := make(map[string]bool)
	for _, test := range tests {
		doc := document(t, s.sendFrom(test.page, test.path, test.body))
		note := doc.Find("#added > .note")
		if got := text(note.Text()); got != test.note || note.Find("a[href='/cart']").Length() != test.links {
			t.Errorf("%s: the note is %q, with %d links; want %q with %d", test.name, got, note.Find("a").Length(), test.note, test.links)
		}
		ids[attr(note, "id")] = true
	}
	if len(ids) != len(tests) {
		t.Errorf("the notes have the ids %v; want one for each", ids)
	}
}

// TestAFormLeadsBackToItsNote follows the redirect of an addition.
func TestAFormLeadsBackToItsNote(t *testing.T) {
	s := open(t)
	s.sendForm("/api/cart", "productId=1&quantity=2")
	tests := []struct{ name, query, want string }{
		{"what was added", "q=1&added=1&pieces=2", "Added to cart 2 × Mug In your cart: 2 pieces, €29.80.View cart"},
		{"saved quantities", "added=quantities", "Your quantities are saved In your cart: 2 pieces, €29.80."},
		{"more than the cart has", "added=1&pieces=3", ""},
		{"what was removed", "added=2&pieces=0", "Removed from cart Pot & lid In your cart: 2 pieces, €29.80."},
		{"removed, and added since", "added=1&pieces=0", ""},
		{"a product that does not exist", "added=99&pieces=0", ""},
		{"less than one", "added=1&pieces=-1", ""},
		{"another product", "added=2&pieces=1", ""},
		{"no product", "added=%3Cb%3E&pieces=1", ""},
		{"a broken query", "added=%", ""},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		w := s.get("/added?" + test.query)
		if got := text(document(t, w).Text()); w.Code != 200 || got != test.want || w.Header().Get("Cache-Groups") != "" {
			t.Errorf("%s: %d %q, of the groups %q; want 200 %q, of none", test.name, w.Code, got, w.Header().Get("Cache-Groups"), test.want)
		}
	}
	again := s.do(request{"POST", "/api/cart", ada, formType, "productId=2", []string{
		"Accept", "text/html", "Referer", "http://shop.example/products?added=1&page=2&pieces=2",
	}})
	if got := location(again); got != "/products?page=2&added=2&pieces=1" {
		t.Errorf("the next addition leads to %s; want its own note alone", got)
	}
}

// TestNobodyHasMoreThanThereIs asks for more in each way, as a program, as the
// script of a page, and as a browser. There are 3 pots.
func TestNobodyHasMoreThanThereIs(t *testing.T) {
	tests := []struct{ name, method, path, json, form, says string }{
		{"add", "POST", "/api/cart", `{"productId":2,"quantity":2}`, "productId=2&quantity=2", "Pot & lid: Only 3 left; 2 are in your cart."},
		{"set", "PATCH", "/api/cart/2", `{"quantity":4}`, "_method=PATCH&quantity=4", "Pot & lid: Only 3 left; 2 are in your cart."},
		{"set several", "PATCH", "/api/cart", `{"quantities":{"1":2,"2":4}}`, "_method=PATCH&quantities.1=2&quantities.2=4", "Pot & lid: Only 3 left; 2 are in your cart."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			s.sendJSON("POST", "/api/cart", `{"productId":2,"quantity":2}`)
			s.sendJSON("POST", "/api/cart", `{"productId":1}`)
			before := s.quantities(t)
			program := s.sendJSON(test.method, test.path, test.json)
			got := parseJSON(t, program)
			if program.Code != 409 || got["detail"] != test.says || got["possible"] != 3.0 || got["inCart"] != 2.0 {
				t.Errorf("a program gets %d %v; want 409, with %q", program.Code, got, test.says)
			}
			script := s.sendFrom("/cart", test.path, test.form)
			if got := text(document(t, script).Find("#notice").Text()); script.Code != 409 || !strings.Contains(got, test.says) {
				t.Errorf("a script gets %d %q; want 409, with %q", script.Code, got, test.says)
			}
			person := s.sendForm(test.path, test.form)
			if got := text(document(t, person).Text()); person.Code != 409 || !strings.Contains(got, test.says) {
				t.Errorf("a person gets %d %q; want 409, with %q", person.Code, got, test.says)
			}
			if diff := cmp.Diff(before, s.quantities(t)); diff != "" {
				t.Errorf("cart (-want +got):\n%s", diff)
			}
		})
	}
}
