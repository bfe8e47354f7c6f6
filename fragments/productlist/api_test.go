package productlist_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/static"
)

func TestAPIListsProducts(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	resp := get(h, "/api/products?category=kitchen&perPage=1&page=2&sort=price&stock=1")
	var got map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	euro := func(cents float64) map[string]any {
		return map[string]any{"amount": cents, "currency": "EUR"}
	}
	want := map[string]any{
		"products": []any{map[string]any{
			"id": 4.0, "name": "Salt & Pepper <Set>", "summary": "What Salt & Pepper <Set> is for.",
			"category": "kitchen", "price": euro(2450), "stock": 40.0, "inStock": true, "version": 1.0,
			"picture": map[string]any{
				"url": static.PictureURL("mug.moss.stripe.1.front"),
				"alt": "Salt & Pepper <Set>, from the front",
			},
		}},
		"total": 2.0, "page": 2.0, "pages": 2.0, "perPage": 1.0,
		"categories": []any{
			map[string]any{"category": "bedroom", "count": 1.0},
			map[string]any{"category": "kitchen", "count": 2.0},
		},
		"inStock": 2.0, "lowest": euro(1850), "highest": euro(2450),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("products (-want +got):\n%s", diff)
	}
	if got, want := resp.Header.Get("Cache-Groups"), `"products", "product:4"`; got != want {
		t.Errorf("Cache-Groups = %s; want %s", got, want)
	}
	if resp.Header.Get("ETag") == "" {
		t.Error("the answer has no ETag")
	}
}

func TestAPILinksPages(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	tests := []struct {
		query string
		want  []string
	}{
		{"?perPage=2", []string{`</api/products?page=2&perPage=2>; rel="next"`}},
		{"?perPage=2&page=2", []string{`</api/products?perPage=2>; rel="prev"`}},
		{"", nil},
	}
	for _, test := range tests {
		got := get(h, "/api/products"+test.query).Header.Values("Link")
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("Link of /api/products%s (-want +got):\n%s", test.query, diff)
		}
	}
}

func TestSearchShowsWhatWasSearched(t *testing.T) {
	h := newFragment(t, newStore(t))
	tests := []struct{ query, want string }{
		{"", ""},
		{"?q=red+%22wool%22&page=abc", `red "wool"`},
		{"?q=a&q=b", "a"},
		{"?q=%zz", ""},
	}
	for _, test := range tests {
		doc := page(t, h, "/search"+test.query)
		input := doc.Find(`form[role=search][method=get][action="/products"] input[type=search][name=q]`)
		if got := input.AttrOr("value", "none"); got != test.want {
			t.Errorf("search box of %q = %q; want %q", test.query, got, test.want)
		}
		if doc.Find("label[for="+input.AttrOr("id", "")+"]").Length() != 1 || doc.Find("form button").Length() != 1 {
			t.Errorf("search box of %q lacks a label or a button", test.query)
		}
	}
}
