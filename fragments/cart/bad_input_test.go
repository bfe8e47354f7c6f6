package cart_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// badInput are requests that must change nothing, each with its status.
var badInput = []struct {
	name                            string
	method, path, contentType, body string
	status                          int
}{
	{"quantity 0", "POST", "/api/cart", jsonType, `{"productId":1,"quantity":0}`, 422},
	{"a negative quantity", "POST", "/api/cart", jsonType, `{"productId":1,"quantity":-1}`, 422},
	{"a quantity of 10^12", "POST", "/api/cart", jsonType, `{"productId":1,"quantity":1000000000000}`, 422},
	{"a quantity of 1e12", "POST", "/api/cart", jsonType, `{"productId":1,"quantity":1e12}`, 422},
	{"a quantity in letters", "POST", "/api/cart", jsonType, `{"productId":1,"quantity":"abc"}`, 422},
	{"half a piece", "POST", "/api/cart", jsonType, `{"productId":1,"quantity":1.5}`, 422},
	{"a quantity that adds up to too much", "POST", "/api/cart", jsonType, `{"productId":1,"quantity":98}`, 422},
	{"an unknown product", "POST", "/api/cart", jsonType, `{"productId":99}`, 404},
	{"no product", "POST", "/api/cart", jsonType, `{}`, 404},
	{"a negative product", "POST", "/api/cart", jsonType, `{"productId":-1}`, 404},
	{"a product in letters", "POST", "/api/cart", jsonType, `{"productId":"mug"}`, 422},
	{"a body above 64 KiB", "POST", "/api/cart", jsonType, `{"productId":1}` + strings.Repeat(" ", 64<<10), 413},
	{"another content type", "POST", "/api/cart", "text/plain", `{"productId":1}`, 415},
	{"no content type", "POST", "/api/cart", "", `{"productId":1}`, 415},
	{"broken JSON", "POST", "/api/cart", jsonType, `{"productId":1`, 400},
	{"an unknown field", "POST", "/api/cart", jsonType, `{"productId":1,"price":1}`, 400},
	{"two objects", "POST", "/api/cart", jsonType, `{"productId":1}{"productId":1}`, 400},
	{"a key that is too long", "POST", "/api/cart", jsonType, `{"productId":1,"idempotencyKey":"` + strings.Repeat("k", 101) + `"}`, 422},
	{"a set quantity of 0", "PATCH", "/api/cart/1", jsonType, `{"quantity":0}`, 422},
	{"no quantity to set", "PATCH", "/api/cart/1", jsonType, `{}`, 422},
	{"a set quantity of 100", "PATCH", "/api/cart/1", jsonType, `{"quantity":100}`, 422},
	{"a line that is not there", "PATCH", "/api/cart/3", jsonType, `{"quantity":1}`, 404},
	{"a line in letters", "PATCH", "/api/cart/mug", jsonType, `{"quantity":1}`, 404},
	{"a line above all numbers", "DELETE", "/api/cart/99999999999999999999", "", "", 404},
	{"removing what is not there", "DELETE", "/api/cart/3", "", "", 404},
	{"removing with another content type", "DELETE", "/api/cart/1", "text/plain", "x", 415},

	{"a form with quantity 0", "POST", "/api/cart", formType, "productId=1&quantity=0", 422},
	{"a form with a negative quantity", "POST", "/api/cart", formType, "productId=1&quantity=-1", 422},
	{"a form with 10^12", "POST", "/api/cart", formType, "productId=1&quantity=1000000000000", 422},
	{"a form with 1e12", "POST", "/api/cart", formType, "productId=1&quantity=1e12", 422},
	{"a form with letters", "POST", "/api/cart", formType, "productId=1&quantity=abc", 422},
	{"a form with half a piece", "POST", "/api/cart", formType, "productId=1&quantity=1.5", 422},
	{"a form with an unknown product", "POST", "/api/cart", formType, "productId=99", 404},
	{"an empty form", "POST", "/api/cart", formType, "", 404},
	{"a form above 64 KiB", "POST", "/api/cart", formType, "productId=1&idempotencyKey=" + strings.Repeat("a", 64<<10), 413},
	{"a broken form", "POST", "/api/cart", formType, "productId=%zz", 400},
	{"a form with an unknown field", "POST", "/api/cart", formType, "productId=1&price=1", 400},
	{"a form with a field twice", "POST", "/api/cart", formType, "productId=1&productId=2", 400},
	{"a form with an unknown method", "POST", "/api/cart/1", formType, "_method=PUT", 400},
	{"a form that sets letters", "POST", "/api/cart/1", formType, "_method=PATCH&quantity=abc", 422},
	{"a form that sets nothing", "POST", "/api/cart/1", formType, "_method=PATCH&quantity=", 422},
	{"a form without its method", "POST", "/api/cart/1", formType, "quantity=1", 405},

	{"a checkout with a version in letters", "POST", "/api/checkout", formType, "version=abc", 422},
	{"a checkout that sets the price", "POST", "/api/checkout", jsonType, `{"price":1}`, 400},
	{"a checkout that saw a total in letters", "POST", "/api/checkout", formType, "total=abc", 422},
	{"a checkout that saw a quantity in letters", "POST", "/api/checkout", formType, "quantities.1=abc", 422},
	{"a checkout that saw a product in letters", "POST", "/api/checkout", formType, "quantities.mug=1", 422},
	{"a checkout that saw no quantities", "POST", "/api/checkout", jsonType, `{"quantities":[1]}`, 422},
	{"quantities of 0", "PATCH", "/api/cart", jsonType, `{"quantities":{"1":5,"2":0}}`, 422},
	{"quantities of 100", "PATCH", "/api/cart", jsonType, `{"quantities":{"1":100}}`, 422},
	{"a quantity of a product in letters", "PATCH", "/api/cart", formType, "quantities.mug=1", 422},
	{"quantities without a product", "PATCH", "/api/cart", formType, "quantities.=1", 400},
	{"a checkout of nothing", "POST", "/api/checkout", jsonType, `{}`, 422},
}

func TestBadInputIsAClearErrorAndChangesNothing(t *testing.T) {
	s := open(t)
	s.fill(t)
	before := s.get("/api/cart").Body.String()
	var log bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	for _, test := range badInput {
		t.Run(test.name, func(t *testing.T) {
			q := request{test.method, test.path, ada, test.contentType, test.body, []string{"Accept", "application/json"}}
			w := s.do(q)
			if w.Code != test.status {
				t.Errorf("for a program: %d %s; want %d", w.Code, w.Body, test.status)
			}
			if got := parseJSON(t, w); got["status"] != float64(test.status) || got["title"] == "" || got["detail"] == "" {
				t.Errorf("problem = %v; want a status, a title and a detail", got)
			}
			q.headers = []string{"Accept", "text/html"}
			w = s.do(q)
			if doc := document(t, w); w.Code != test.status || doc.Find("h1").Length() != 1 {
				t.Errorf("for a person: %d %s; want %d with a heading", w.Code, w.Body, test.status)
			}
			if w.Header().Get("Cache-Group-Invalidation") != "" {
				t.Error("a refused write invalidates")
			}
		})
	}
	if diff := cmp.Diff(before, s.get("/api/cart").Body.String()); diff != "" {
		t.Errorf("the cart has changed (-before +after):\n%s", diff)
	}
	if log.Len() > 0 {
		t.Errorf("logged as errors of ours:\n%s", &log)
	}
}

func TestWritesNeedASession(t *testing.T) {
	s := open(t)
	for _, session := range []string{"", "x", ada[:30], ada[:31], ada + "00", strings.Repeat("g", 32)} {
		for _, q := range []request{
			{method: "POST", path: "/api/cart", body: `{"productId":1}`},
			{method: "PATCH", path: "/api/cart/1", body: `{"quantity":1}`},
			{method: "DELETE", path: "/api/cart/1"},
			{method: "POST", path: "/api/checkout", body: adasAddress},
		} {
			q.session, q.contentType = session, jsonType
			if w := s.do(q); w.Code != 400 || !strings.Contains(w.Body.String(), "No session") {
				t.Errorf("%s %s with session %q = %d %s; want 400", q.method, q.path, session, w.Code, w.Body)
			}
		}
	}
}
