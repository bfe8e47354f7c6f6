package cart_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

const adasAddress = `{"name":"Ada Lovelace","email":"ada@example.com","street":"12 St James's Square","postalCode":"SW1Y 4JH","city":"London","country":"United Kingdom"}`

// adasForm is the checkout form as a browser sends it, with changes.
func adasForm(changes ...string) string {
	form := url.Values{
		"name": {"Ada Lovelace"}, "email": {"ada@example.com"}, "street": {"12 St James's Square"}, "postalCode": {"SW1Y 4JH"}, "city": {"London"},
		"country": {"United Kingdom"}, "version": {"2"}, "idempotencyKey": {"checkout-v2"},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form.Encode()
}

func TestCheckoutOfAProgram(t *testing.T) {
	s := open(t)
	s.fill(t)
	w := s.sendJSON("POST", "/api/checkout", adasAddress)
	got := parseJSON(t, w)
	id, _ := got["id"].(string)
	if w.Code != 201 || id == "" || w.Header().Get("Location") != "/orders/"+id {
		t.Errorf("checkout = %d %s, Location %q; want 201 and the order's", w.Code, w.Body, w.Header().Get("Location"))
	}
	if got, want := w.Header().Get("Cache-Group-Invalidation"), invalidatesCart+`, "products", "product:1", "product:2"`; got != want {
		t.Errorf("invalidates %s; want %s", got, want)
	}
	euro := func(cents float64) map[string]any { return map[string]any{"amount": cents, "currency": "EUR"} }
	want := map[string]any{
		"id": id, "placed": got["placed"], "subtotal": euro(8180), "shipping": euro(0), "total": euro(8180),
		"customer": map[string]any{"name": "Ada Lovelace", "email": "ada@example.com", "street": "12 St James's Square",
			"postalCode": "SW1Y 4JH", "city": "London", "country": "United Kingdom"},
		"lines": []any{
			map[string]any{"productId": 1.0, "name": "Mug", "price": euro(1490), "quantity": 2.0, "total": euro(2980)},
			map[string]any{"productId": 2.0, "name": "Pot & lid", "price": euro(5200), "quantity": 1.0, "total": euro(5200)},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int64]int{}, s.quantities(t)); diff != "" {
		t.Errorf("cart afterwards (-want +got):\n%s", diff)
	}
}

func TestCheckoutOfAPersonLeadsToTheOrder(t *testing.T) {
	s := open(t)
	s.fill(t)
	w := s.sendForm("/api/checkout", adasForm("name", "  Ada Lovelace "))
	location := w.Header().Get("Location")
	if w.Code != 303 || !strings.HasPrefix(location, "/orders/") {
		t.Fatalf("checkout = %d %q %s; want 303 to the order", w.Code, location, w.Body)
	}
	doc := document(t, s.get(location))
	if doc.Find("h1").Text() != "Thank you" || "/orders/"+doc.Find(".order-number").Text() != location {
		t.Errorf("order page = %s", doc.Text())
	}
	if got := doc.Find("address").Text(); !strings.HasPrefix(got, "Ada Lovelace") {
		t.Errorf("address = %q; want it trimmed", got)
	}
	if total := doc.Find("dd.cart-sum").Text(); total != "€81.80" {
		t.Errorf("total = %q; want €81.80", total)
	}
}

func TestADoubleClickMakesOneOrder(t *testing.T) {
	s := open(t)
	s.fill(t)
	first, second := s.sendForm("/api/checkout", adasForm()), s.sendForm("/api/checkout", adasForm())
	if first.Code != 303 || first.Header().Get("Location") != second.Header().Get("Location") {
		t.Errorf("two checkouts lead to %q and %q; want one order", first.Header().Get("Location"), second.Header().Get("Location"))
	}
}

func TestAnOrderIsOnlyForItsSession(t *testing.T) {
	s := open(t)
	s.fill(t)
	location := s.sendForm("/api/checkout", adasForm()).Header().Get("Location")
	for name, session := range map[string]string{"another session": bob, "no session": ""} {
		w := s.do(request{method: "GET", path: location, session: session})
		if w.Code != 404 || strings.Contains(w.Body.String(), "Ada") {
			t.Errorf("the order for %s = %d %s; want 404", name, w.Code, w.Body)
		}
	}
}

func TestCheckoutSaysWhatIsWrongWithTheAddress(t *testing.T) {
	s := open(t)
	s.fill(t)
	tests := []struct {
		name, field, value, want string
	}{
		{"nothing", "name", "", "Name is missing."},
		{"only spaces", "street", "  \t ", "Street and number is missing."},
		{"too long", "postalCode", strings.Repeat("1", 17), "Postal code has more than 16 characters."},
		{"as long as may be", "postalCode", strings.Repeat("é", 16), ""},
		{"a line break inside", "city", "Lon\ndon", "City has a character that cannot be printed."},
		{"a zero byte", "city", "Lon\x00don", "City has a character that cannot be printed."},
		{"only signs", "city", "--", "City has no letters or digits."},
		{"letters of another script", "city", "日本", ""},
		{"a country that we do not deliver to", "country", "Narnia", "We do not deliver to Narnia."},
		{"a country in small letters", "country", "united kingdom", ""},
		{"no country", "country", "", "Country is missing."},
		{"an address without a sign", "email", "ada.example.com", "E-mail is not an address like name@example.com."},
		{"an address with two signs", "email", "ada@home@example.com", "E-mail is not an address like name@example.com."},
		{"an address without a domain", "email", "ada@localhost", "E-mail is not an address like name@example.com."},
		{"an address in a sentence", "email", "Ada <ada@example.com>", "E-mail is not an address like name@example.com."},
		{"two addresses", "email", "ada@example.com,bob@example.com", "E-mail is not an address like name@example.com."},
		{"a line break in an address", "email", "ada@example.com\nBcc: bob@example.com", "E-mail has a character that cannot be printed."},
		{"an address with a tag, in another script", "email", "ada+shop@räksmörgås.example", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// The version is never that of the cart, so that a good address orders nothing either.
			w := s.sendForm("/api/checkout", adasForm(test.field, test.value, "version", "1"))
			status := 422
			if test.want == "" {
				status = 409
			}
			doc := document(t, w)
			if w.Code != status || doc.Find("h1").Text() != "Checkout" {
				t.Fatalf("checkout = %d %s; want %d with the form", w.Code, w.Body, status)
			}
			checkField(t, doc, "checkout-"+test.field, test.want)
		})
	}
}

// checkField checks that a field has a message, or none if want is empty: beside
// it, in its description, and in a summary that leads to it.
func checkField(t *testing.T, doc *goquery.Document, id, want string) {
	t.Helper()
	input := doc.Find("#checkout-address #" + id)
	got := []string{
		attr(input, "aria-invalid"),
		doc.Find("#" + id + "-message").Text(),
		doc.Find("#checkout-problem a[href='#" + id + "']").Text(),
	}
	expected := []string{"true", want, want}
	if want == "" {
		expected = []string{"", "", ""}
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", id, diff)
	}
	if _, focused := input.Attr("autofocus"); focused != (want != "") {
		t.Errorf("%s has the focus: %t", id, focused)
	}
	if (attr(input, "aria-describedby") == id+"-message") != (want != "") {
		t.Errorf("%s is described by %q", id, attr(input, "aria-describedby"))
	}
}

func TestCheckoutNamesAllWrongFieldsToAProgram(t *testing.T) {
	s := open(t)
	s.fill(t)
	w := s.sendJSON("POST", "/api/checkout", `{"name":"Ada","street":"Main Street 1","city":"London","country":"UK"}`)
	want := map[string]any{"email": "E-mail is missing.", "postalCode": "Postal code is missing.", "country": "We do not deliver to UK."}
	problem := parseJSON(t, w)
	if diff := cmp.Diff(want, problem["errors"]); diff != "" || w.Code != 422 {
		t.Errorf("checkout = %d, errors (-want +got):\n%s", w.Code, diff)
	}
	if all, ok := problem["countries"].([]any); !ok || !slices.Contains(all, any("United Kingdom")) {
		t.Errorf("countries = %v; want those that it may name", problem["countries"])
	}
}

func TestARefusedCheckoutLosesNothing(t *testing.T) {
	tests := []struct {
		name, body string
		stock      int // of the pot
		status     int
		says       string
	}{
		{"a part of the address is missing", adasForm("city", ""), 3, 422, "address"},
		{"the cart has changed", adasForm("version", "1"), 3, 409, "has changed"},
		{"the version is not one", adasForm("version", "-1"), 3, 409, "has changed"},
		{"there is not enough", adasForm(), 0, 409, "not enough"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			s.fill(t)
			s.setStock(t, 2, test.stock)
			w := s.sendForm("/api/checkout", test.body)
			doc := document(t, w)
			if problem := doc.Find("#checkout-problem").Text(); w.Code != test.status || !strings.Contains(problem, test.says) {
				t.Errorf("checkout = %d %q; want %d with %q", w.Code, problem, test.status, test.says)
			}
			got := []string{
				attr(doc.Find("#checkout-street"), "value"),
				attr(doc.Find("form#checkout input[name=version]"), "value"),
				attr(doc.Find("form#checkout input[name=idempotencyKey]"), "value"),
			}
			if diff := cmp.Diff([]string{"12 St James's Square", "2", "checkout-v2"}, got); diff != "" {
				t.Errorf("form (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(map[int64]int{1: 2, 2: 1}, s.quantities(t)); diff != "" {
				t.Errorf("cart (-want +got):\n%s", diff)
			}
			if w.Header().Get("Cache-Group-Invalidation") != "" {
				t.Error("a refused checkout invalidates")
			}
		})
	}
}

func TestCheckoutTellsAProgramWhatIsShort(t *testing.T) {
	s := open(t)
	s.fill(t)
	s.setStock(t, 2, 0)
	w := s.sendJSON("POST", "/api/checkout", adasAddress)
	want := []any{map[string]any{"productId": 2.0, "name": "Pot & lid", "wanted": 1.0, "left": 0.0}}
	if diff := cmp.Diff(want, parseJSON(t, w)["short"]); diff != "" || w.Code != 409 {
		t.Errorf("checkout = %d, short (-want +got):\n%s", w.Code, diff)
	}
}

func TestCheckoutOfAnEmptyCart(t *testing.T) {
	s := open(t)
	w := s.sendForm("/api/checkout", adasForm("version", "0"))
	if doc := document(t, w); w.Code != 409 || doc.Find("h1").Text() != "Your cart is empty" {
		t.Errorf("checkout = %d %s; want 409 that says so", w.Code, w.Body)
	}
}
