package cart_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"selvedge/fragments"
	"selvedge/fragments/cart"
	"selvedge/store"
	"selvedge/store/sqlite"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"

	// ada and bob are sessions, and adaCart is the cart that Ada's cookie
	// stands for.
	ada     = "00112233445566778899aabbccddeeff"
	bob     = "ffeeddccbbaa99887766554433221100"
	adaCart = "5947d7c33d783f94"
)

// shop is a cart fragment with its store. Its products are a mug (1, €14.90,
// 10 pieces), a pot (2, €52.00, 3 pieces) and a lamp (3, €7.00, sold out).
type shop struct {
	*fragments.Fragment
	store *store.Store
}

func open(t *testing.T) shop {
	t.Helper()
	db, err := sqlite.Open(t.Context(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	goods := []store.Product{
		product(1, "Mug", 1490, 10), product(2, "Pot & lid", 5200, 3), product(3, "Lamp", 700, 0),
	}
	if _, err := db.Fill(t.Context(), slices.Values(goods)); err != nil {
		t.Fatal(err)
	}
	return shop{store: db}.again(t)
}

// again returns a fragment of the same store, with a key of its own for links.
func (s shop) again(t *testing.T) shop {
	t.Helper()
	f, err := cart.New(s.store, cart.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return shop{f, s.store}
}

func product(id int64, name string, cents int64, stock int) store.Product {
	return store.Product{
		ID: id, Name: name, Summary: "For every day.", Category: "kitchen", Price: store.Euro(cents), Stock: stock,
		Pictures: []store.Picture{{Name: "mug.moss.stripe.17.front", Alt: "A " + name}},
	}
}

// epoch is that of the store.
func (s shop) epoch(t *testing.T) string {
	t.Helper()
	epoch, err := s.store.Epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return epoch
}

// setStock is somebody else buying.
func (s shop) setStock(t *testing.T, id int64, stock int) {
	t.Helper()
	if _, err := s.store.SetStock(context.WithoutCancel(t.Context()), id, stock); err != nil {
		t.Fatal(err)
	}
}

// request is a request; its headers are pairs of name and value.
type request struct {
	method, path, session string
	contentType, body     string
	headers               []string
}

func (s shop) do(q request) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), q.method, q.path, strings.NewReader(q.body))
	if q.session != "" {
		r.Header.Set("Cookie", "session="+q.session)
	}
	if q.contentType != "" {
		r.Header.Set("Content-Type", q.contentType)
	}
	for pair := range slices.Chunk(q.headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// get reads a path as Ada.
func (s shop) get(path string, headers ...string) *httptest.ResponseRecorder {
	return s.do(request{method: "GET", path: path, session: ada, headers: headers})
}

// sendJSON writes as Ada, as a program.
func (s shop) sendJSON(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	return s.do(request{method, path, ada, jsonType, body, headers})
}

// sendForm writes as Ada, as a browser on the page /somewhere.
func (s shop) sendForm(path, body string) *httptest.ResponseRecorder {
	return s.do(request{"POST", path, ada, formType, body, []string{
		"Accept", "text/html,*/*;q=0.8", "Referer", "http://shop.example/somewhere?q=1",
	}})
}

// fill puts products into Ada's cart: 2 mugs and a pot, €81.80.
func (s shop) fill(t *testing.T) {
	t.Helper()
	for _, body := range []string{`{"productId":1,"quantity":2}`, `{"productId":2,"quantity":1}`} {
		if w := s.sendJSON("POST", "/api/cart", body); w.Code != 201 {
			t.Fatalf("POST /api/cart %s = %d %s", body, w.Code, w.Body)
		}
	}
}

// quantities returns Ada's cart as the quantity of every product in it.
func (s shop) quantities(t *testing.T) map[int64]int {
	t.Helper()
	c, err := s.store.Cart(t.Context(), adaCart)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[int64]int)
	for _, l := range c.Lines {
		got[l.Product.ID] = l.Quantity
	}
	return got
}

func document(t *testing.T, w *httptest.ResponseRecorder) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func parseJSON(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, w.Body)
	}
	return got
}

func attr(s *goquery.Selection, name string) string {
	value, _ := s.Attr(name)
	return value
}
