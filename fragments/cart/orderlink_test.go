package cart_test

import (
	"strings"
	"testing"
)

// TestASignedLinkShowsAnOrderToEverybody follows it without the session of the order,
// and wrong ones with it.
func TestASignedLinkShowsAnOrderToEverybody(t *testing.T) {
	s := open(t)
	s.fill(t)
	path := s.sendForm("/api/checkout", adasForm()).Header().Get("Location")
	link := attr(document(t, s.get(path)).Find(".order-link a"), "href")
	if !strings.HasPrefix(link, path+"?key=") {
		t.Fatalf("the link of %s is %q", path, link)
	}
	s.fill(t)
	other := s.sendForm("/api/checkout", adasForm("version", "5", "idempotencyKey", "checkout-v5")).Header().Get("Location")
	for _, test := range []struct {
		name, path, session string
		status              int
	}{
		{"the link, without a session", link, "", 200},
		{"the link, in another session", link, bob, 200},
		{"the link of another order", other + strings.TrimPrefix(link, path), ada, 404},
		{"a signature that is cut", link[:len(link)-1], ada, 404},
		{"another signature", path + "?key=AAAAAAAAAAAAAAAAAAAAAA", ada, 404},
		{"an empty signature", path + "?key=", ada, 404},
		{"no signature, in another session", path, bob, 404},
		{"something else in the address", path + "?from=mail", ada, 200},
	} {
		w := s.do(request{method: "GET", path: test.path, session: test.session})
		if w.Code != test.status || strings.Contains(w.Body.String(), "Ada") != (test.status == 200) {
			t.Errorf("%s = %d %s; want %d", test.name, w.Code, w.Body, test.status)
		}
	}
}

// TestALinkIsOfOneKey follows a link to a fragment with another key.
func TestALinkIsOfOneKey(t *testing.T) {
	s := open(t)
	s.fill(t)
	path := s.sendForm("/api/checkout", adasForm()).Header().Get("Location")
	link := attr(document(t, s.get(path)).Find(".order-link a"), "href")
	if w := s.again(t).do(request{method: "GET", path: link}); w.Code != 404 {
		t.Errorf("a link of another key = %d; want 404", w.Code)
	}
}
