package cart_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const invalidatesCart = `"cart:` + adaCart + `"`

func TestProgramsWriteWithJSON(t *testing.T) {
	s := open(t)
	s.fill(t)
	tests := []struct {
		name, method, path, body string
		status                   int
		want                     map[int64]int
	}{
		{"add to a line", "POST", "/api/cart", `{"productId":1,"quantity":3}`, 201, map[int64]int{1: 5, 2: 1}},
		{"add one piece", "POST", "/api/cart", `{"productId":2}`, 201, map[int64]int{1: 5, 2: 2}},
		{"all that there is", "POST", "/api/cart", `{"productId":2,"quantity":1}`, 201, map[int64]int{1: 5, 2: 3}},
		{"set a quantity", "PATCH", "/api/cart/1", `{"quantity":7}`, 200, map[int64]int{1: 7, 2: 3}},
		{"remove a line", "DELETE", "/api/cart/1", "", 200, map[int64]int{2: 3}},
		{"remove with a body", "DELETE", "/api/cart/2", `{"idempotencyKey":"k"}`, 200, map[int64]int{}},
	}
	for _, test := range tests {
		w := s.sendJSON(test.method, test.path, test.body)
		if w.Code != test.status || w.Header().Get("Cache-Group-Invalidation") != invalidatesCart {
			t.Errorf("%s: %d, invalidates %s; want %d, %s", test.name, w.Code,
				w.Header().Get("Cache-Group-Invalidation"), test.status, invalidatesCart)
		}
		if diff := cmp.Diff(test.want, s.quantities(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if got := len(parseJSON(t, w)["lines"].([]any)); got != len(test.want) {
			t.Errorf("%s: %d lines in the answer; want %d", test.name, got, len(test.want))
		}
	}
}

func TestFormsLeadBackToTheirPage(t *testing.T) {
	s := open(t)
	tests := []struct {
		name, path, body, query string
		want                    map[int64]int
	}{
		{"add", "/api/cart", "productId=1&idempotencyKey=a", "&added=1&pieces=1", map[int64]int{1: 1}},
		{"add with a quantity", "/api/cart", "productId=2&quantity=2&idempotencyKey=a", "&added=2&pieces=2", map[int64]int{1: 1, 2: 2}},
		{"update", "/api/cart/1", "_method=PATCH&quantity=4&idempotencyKey=line-1-v2", "&added=quantities", map[int64]int{1: 4, 2: 2}},
		{"remove", "/api/cart/1", "_method=DELETE&idempotencyKey=remove-1-v3", "&added=1&pieces=0", map[int64]int{2: 2}},
	}
	for _, test := range tests {
		w := s.sendForm(test.path, test.body)
		got := []string{w.Header().Get("Location"), w.Header().Get("Cache-Group-Invalidation"), w.Header().Get("Vary")}
		if diff := cmp.Diff([]string{"/somewhere?q=1" + test.query, invalidatesCart, "Accept"}, got); diff != "" || w.Code != 303 {
			t.Errorf("%s = %d (-want +got):\n%s", test.name, w.Code, diff)
		}
		if diff := cmp.Diff(test.want, s.quantities(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestTheFormsOfTheCartPageWork(t *testing.T) {
	s := open(t)
	s.fill(t)
	forms := document(t, s.get("/cart")).Find("#line-1 form").Length()
	for i := range forms {
		form := document(t, s.get("/cart")).Find("#line-1 form").Eq(i)
		var fields []string
		for _, field := range form.Find("input:not([form]), [data-step='1']").EachIter() {
			fields = append(fields, attr(field, "name")+"="+attr(field, "value"))
		}
		if w := s.sendForm(attr(form, "action"), strings.Join(fields, "&")); w.Code != 303 {
			t.Errorf("form with %v = %d %s", fields, w.Code, w.Body)
		}
	}
	if diff := cmp.Diff(map[int64]int{2: 1}, s.quantities(t)); diff != "" {
		t.Errorf("after update and remove (-want +got):\n%s", diff)
	}
}

func TestAWriteHappensOnceUnderItsKey(t *testing.T) {
	tests := []struct {
		name string
		send func(s shop) *httptest.ResponseRecorder
	}{
		{"a header", func(s shop) *httptest.ResponseRecorder {
			return s.sendJSON("POST", "/api/cart", `{"productId":1,"quantity":2}`, "Idempotency-Key", `"k1"`)
		}},
		{"a field of JSON", func(s shop) *httptest.ResponseRecorder {
			return s.sendJSON("POST", "/api/cart", `{"productId":1,"quantity":2,"idempotencyKey":"k1"}`)
		}},
		{"a field of a form", func(s shop) *httptest.ResponseRecorder {
			return s.sendForm("/api/cart", "productId=1&quantity=2&idempotencyKey=k1")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			first, second := test.send(s), test.send(s)
			if first.Code != second.Code || first.Body.String() != second.Body.String() {
				t.Errorf("answers = %d %s and %d %s; want the same", first.Code, first.Body, second.Code, second.Body)
			}
			if diff := cmp.Diff(map[int64]int{1: 2}, s.quantities(t)); diff != "" {
				t.Errorf("cart (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOneAddFormAddsSeveralProducts(t *testing.T) {
	s := open(t)
	s.sendForm("/api/cart", "productId=1&idempotencyKey=k1")
	s.sendForm("/api/cart", "productId=2&idempotencyKey=k1")
	s.sendForm("/api/cart", "productId=1&quantity=2&idempotencyKey=k1")
	if diff := cmp.Diff(map[int64]int{1: 3, 2: 1}, s.quantities(t)); diff != "" {
		t.Errorf("cart (-want +got):\n%s", diff)
	}
}

func TestAKeyIsGoodForOneRequest(t *testing.T) {
	s := open(t)
	s.sendJSON("POST", "/api/cart", `{"productId":1}`, "Idempotency-Key", "k1")
	w := s.sendJSON("POST", "/api/cart", `{"productId":2}`, "Idempotency-Key", "k1")
	if w.Code != 422 {
		t.Errorf("another request under the key = %d; want 422", w.Code)
	}
	if diff := cmp.Diff(map[int64]int{1: 1}, s.quantities(t)); diff != "" {
		t.Errorf("cart (-want +got):\n%s", diff)
	}
}

func TestALateRetryOfAnUpdateDoesNotUndoTheNextOne(t *testing.T) {
	s := open(t)
	s.fill(t)
	const first, second = "_method=PATCH&quantity=3&idempotencyKey=line-1-v2", "_method=PATCH&quantity=4&idempotencyKey=line-1-v3"
	for _, form := range []string{first, second} {
		if w := s.sendForm("/api/cart/1", form); w.Code != 303 {
			t.Errorf("%s = %d %s; want 303", form, w.Code, w.Body)
		}
	}
	w := s.sendForm("/api/cart/1", first)
	doc := document(t, w)
	if got := attr(doc.Find("#quantity-1"), "value"); w.Code != 409 || got != "4" || !strings.Contains(doc.Find("[role=alert]").Text(), "has changed") {
		t.Errorf("the first once more = %d, with a quantity of %s, %s; want 409, 4 and a word about it", w.Code, got, doc.Find("[role=alert]").Text())
	}
	if w := s.sendForm("/api/cart/1", second); w.Code != 303 {
		t.Errorf("the second once more = %d; want 303, for it is as wanted", w.Code)
	}
	if diff := cmp.Diff(map[int64]int{1: 4, 2: 1}, s.quantities(t)); diff != "" {
		t.Errorf("cart (-want +got):\n%s", diff)
	}
}

func TestAnUpdateFromAPageOfBeforeIsTaken(t *testing.T) {
	s := open(t)
	s.fill(t)
	for _, quantity := range []string{"3", "4"} {
		s.sendForm("/api/cart/1", "_method=PATCH&idempotencyKey=line-1-v2&quantity="+quantity)
	}
	if diff := cmp.Diff(map[int64]int{1: 4, 2: 1}, s.quantities(t)); diff != "" {
		t.Errorf("cart (-want +got):\n%s", diff)
	}
}

func TestAddOfWhatIsSoldOut(t *testing.T) {
	s := open(t)
	w := s.sendJSON("POST", "/api/cart", `{"productId":3}`)
	if got := parseJSON(t, w)["detail"]; w.Code != 409 || got != "Lamp is sold out." {
		t.Errorf("add = %d %q; want 409", w.Code, got)
	}
}
