package cart_test

import (
	"net/http/httptest"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

// sendFrom writes as Ada, as the script of one of her pages.
func (s shop) sendFrom(page, path, body string) *httptest.ResponseRecorder {
	return s.do(request{"POST", path, ada, formType, body, []string{
		"Accept", "text/html", "HX-Request", "true", "HX-Current-URL", "http://shop.example" + page,
	}})
}

// swapped names the elements of an answer with how they are swapped.
func swapped(t *testing.T, w *httptest.ResponseRecorder) []string {
	t.Helper()
	var all []string
	document(t, w).Find("body > *").Each(func(_ int, element *goquery.Selection) {
		all = append(all, attr(element, "id")+" "+attr(element, "hx-swap-oob"))
	})
	return all
}

func TestAScriptIsAnsweredWithWhatItsPageShows(t *testing.T) {
	s := open(t)
	tests := []struct {
		name, page, path, body string
		want                   []string
	}{
		{"add from a list", "/?q=mug", "/api/cart", "productId=1&idempotencyKey=a",
			[]string{"notice innerHTML", "added innerHTML", "cart-mini true", "add-to-cart true"}},
		{"change from the cart", "/cart", "/api/cart/1", "_method=PATCH&quantity=4&idempotencyKey=line-1-v1",
			[]string{"notice innerHTML", "added innerHTML", "cart-mini true", "cart true"}},
		{"remove after a refused checkout", "/api/checkout", "/api/cart/1", "_method=DELETE&idempotencyKey=remove-1-v2",
			[]string{"notice innerHTML", "added innerHTML", "cart-mini true", "cart true"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := s.sendFrom(test.page, test.path, test.body)
			if diff := cmp.Diff(test.want, swapped(t, w)); diff != "" || w.Code != 200 {
				t.Errorf("answer %d (-want +got):\n%s", w.Code, diff)
			}
			if got := w.Header().Get("Cache-Group-Invalidation"); got != invalidatesCart {
				t.Errorf("invalidates %s; want %s", got, invalidatesCart)
			}
		})
	}
}

func TestAScriptIsToldOfARefusal(t *testing.T) {
	s := open(t)
	w := s.sendFrom("/", "/api/cart", "productId=3")
	if diff := cmp.Diff([]string{"notice innerHTML"}, swapped(t, w)); diff != "" || w.Code != 409 {
		t.Errorf("adding what is sold out: %d (-want +got):\n%s", w.Code, diff)
	}
	s.fill(t)
	w = s.sendFrom("/cart", "/api/checkout", adasForm("city", ""))
	if diff := cmp.Diff([]string{"notice innerHTML", "cart true", "checkout true"}, swapped(t, w)); diff != "" || w.Code != 422 {
		t.Errorf("a checkout without a city: %d (-want +got):\n%s", w.Code, diff)
	}
	form := document(t, w).Find("body > form#checkout")
	if got := form.Find("#checkout-city-message").Text(); got != "City is missing." {
		t.Errorf("beside the city stands %q; want what is wrong with it", got)
	}
	if got := attr(form.Find("#checkout-name"), "value"); got != "Ada Lovelace" {
		t.Errorf("the name is %q; want it kept", got)
	}
}

func TestAScriptIsSentToTheOrder(t *testing.T) {
	s := open(t)
	s.fill(t)
	w := s.sendFrom("/cart", "/api/checkout", adasForm())
	to := w.Header().Get("HX-Redirect")
	if w.Code != 204 || len(to) < len("/orders/1") || s.get(to).Code != 200 {
		t.Errorf("checkout = %d to %q; want 204 to an order", w.Code, to)
	}
}
