package productdetails_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/static"
	"selvedge/store"
)

func TestAPIShowsTheProduct(t *testing.T) {
	resp := send(newFragment(t, newStore(t), ""), http.MethodGet, "/api/products/1", "")
	var got map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	spec := func(name, value string) any { return map[string]any{"name": name, "value": value} }
	picture := func(name, alt string) any { return map[string]any{"url": static.PictureURL(name), "alt": alt} }
	want := map[string]any{
		"id": 1.0, "name": mug.Name, "summary": mug.Summary, "description": mug.Description, "category": "kitchen",
		"price": map[string]any{"amount": 123450.0, "currency": "EUR"},
		"stock": 12.0, "inStock": true, "version": 1.0, "added": "2026-03-01T00:00:00Z",
		"specs": []any{spec("Material", "Stoneware"), spec("Capacity", "340 ml"), spec("Height", "9.5 cm"),
			spec("Weight", "360 g"), spec("Origin", "Portugal")},
		"pictures": []any{picture("mug.moss.stripe.1.front", "A mug on its saucer"),
			picture("mug.moss.stripe.1.detail", "The handle of the mug")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("product (-want +got):\n%s", diff)
	}
}

func TestRevisionOfTheJSONIsTheProducts(t *testing.T) {
	s := newStore(t)
	p, err := s.SetStock(t.Context(), 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	resp := send(newFragment(t, s, ""), http.MethodGet, "/api/products/1", "")
	if got, want := resp.Header.Get("Selvedge-Revision"), strconv.FormatInt(p.Revision, 10); got != want {
		t.Errorf("Selvedge-Revision = %q; want %s", got, want)
	}
	if got := resp.Header.Get("Selvedge-Epoch"); got != p.Epoch || got == "" {
		t.Errorf("Selvedge-Epoch = %q; want %q", got, p.Epoch)
	}
}

func TestSetStock(t *testing.T) {
	s := newStore(t)
	h := newFragment(t, s, token)
	resp := send(h, http.MethodPatch, "/api/products/1/stock", `{"stock": 0}`,
		"Content-Type", "application/json", "Authorization", "Bearer "+token)
	var got struct {
		ID, Version int64
		Stock       int
		InStock     bool
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || got.ID != 1 || got.Version != 2 || got.Stock != 0 || got.InStock {
		t.Errorf("setting the stock = %s, %+v; want 200 and product 1, version 2, without stock", resp.Status, got)
	}
	if got, want := resp.Header.Get("Cache-Group-Invalidation"), `"product:1", "products"`; got != want {
		t.Errorf("Cache-Group-Invalidation = %s; want %s", got, want)
	}
	if p, err := s.Product(t.Context(), 1); err != nil || p.Stock != 0 {
		t.Errorf("stock in the store = %d, %v; want 0", p.Stock, err)
	}
}

func TestSetStockRefuses(t *testing.T) {
	const asJSON = "application/json"
	tests := []struct {
		name, adminToken, id, authorization string
		contentType, body                   string
		status                              int
		says                                string
	}{
		{"no token is configured", "", "1", "Bearer ", asJSON, `{"stock":1}`, 403, "disabled"},
		{"no token is sent", token, "1", "", asJSON, `{"stock":1}`, 401, "Bearer TOKEN"},
		{"the token is wrong", token, "1", "Bearer correct hors", asJSON, `{"stock":1}`, 401, "Bearer TOKEN"},
		{"the scheme is another", token, "1", "Basic " + token, asJSON, `{"stock":1}`, 401, "Bearer TOKEN"},
		{"the token is checked before the product", token, "99", "", asJSON, `{"stock":1}`, 401, "Bearer TOKEN"},
		{"the product is unknown", token, "99", "Bearer " + token, asJSON, `{"stock":1}`, 404, "There is no product 99."},
		{"the id is no number", token, "abc", "Bearer " + token, asJSON, `{"stock":1}`, 404, "ends in its number"},
		{"the stock is missing", token, "1", "Bearer " + token, asJSON, `{}`, 400, "Send the number of pieces"},
		{"the stock is null", token, "1", "Bearer " + token, asJSON, `{"stock":null}`, 400, "Send the number of pieces"},
		{"the stock is no number", token, "1", "Bearer " + token, asJSON, `{"stock":"abc"}`, 422, "whole number"},
		{"the stock is negative", token, "1", "Bearer " + token, asJSON, `{"stock":-1}`, 422, "between 0 and"},
		{"the stock is absurd", token, "1", "Bearer " + token, asJSON, `{"stock":1000000000000}`, 422, "between 0 and"},
		{"a field is unknown", token, "1", "Bearer " + token, asJSON, `{"stock":1,"price":0}`, 400, "price"},
		{"the JSON is broken", token, "1", "Bearer " + token, asJSON, `{"stock":`, 400, "JSON"},
		{"the type is another", token, "1", "Bearer " + token, "text/plain", `{"stock":1}`, 415, "application/json"},
		{"the body is too large", token, "1", "Bearer " + token, asJSON, strings.Repeat(" ", 65537), 413, "bytes at most"},
	}
	s := newStore(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp := send(newFragment(t, s, test.adminToken), http.MethodPatch, "/api/products/"+test.id+"/stock", test.body,
				"Content-Type", test.contentType, "Authorization", test.authorization)
			if got := body(t, resp); resp.StatusCode != test.status || !strings.Contains(got, test.says) {
				t.Errorf("answer = %s, %s; want %d and %q", resp.Status, got, test.status, test.says)
			}
			if got := resp.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type = %q; want application/problem+json", got)
			}
			if got := resp.Header.Get("Cache-Group-Invalidation"); got != "" {
				t.Errorf("Cache-Group-Invalidation = %s; want none", got)
			}
			if got := resp.Header.Get("WWW-Authenticate"); (got == "Bearer") != (test.status == 401) {
				t.Errorf("WWW-Authenticate of a %d = %q", test.status, got)
			}
		})
	}
	if p, err := s.Product(t.Context(), 1); err != nil || p.Version != 1 {
		t.Errorf("version after refused writes = %d, %v; want 1", p.Version, err)
	}
}

// broken is a store that cannot be used.
type broken struct{}

func (broken) Product(context.Context, int64) (store.Product, error) {
	return store.Product{}, errors.New("disk on fire")
}

func (broken) SetStock(context.Context, int64, int) (store.Product, error) {
	return store.Product{}, errors.New("disk on fire")
}

func TestBrokenStoreIsNotShown(t *testing.T) {
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(logger) })
	h := newFragment(t, broken{}, token)
	for _, path := range []string{"/products/1", "/products/1/head", "/api/products/1"} {
		resp := send(h, http.MethodGet, path, "")
		if got := body(t, resp); resp.StatusCode != http.StatusInternalServerError || strings.Contains(got, "fire") {
			t.Errorf("GET %s = %s, %s; want 500 without the cause", path, resp.Status, got)
		}
	}
}
