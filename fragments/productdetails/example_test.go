package productdetails_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"selvedge/fragments"
	"selvedge/fragments/productdetails"
	"selvedge/store"
	"selvedge/store/sqlite"
)

func Example() {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, ":memory:")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()
	goods := []store.Product{{ID: 1, Name: "Mug", Category: "kitchen", Price: store.Euro(1850), Stock: 12, Version: 1}}
	if _, err := db.Fill(ctx, slices.Values(goods)); err != nil {
		fmt.Println(err)
		return
	}
	details, err := productdetails.New(db, func(_ http.ResponseWriter, r *http.Request) error {
		if r.Header.Get("Authorization") != "Bearer a secret of many bytes" {
			return &fragments.Problem{Status: http.StatusUnauthorized}
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	r := httptest.NewRequest("PATCH", "/api/products/1/stock", strings.NewReader(`{"stock": 3}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer a secret of many bytes")
	answer := httptest.NewRecorder()
	details.ServeHTTP(answer, r)
	fmt.Println(answer.Code, answer.Header().Get("Cache-Group-Invalidation"))

	answer = httptest.NewRecorder()
	details.ServeHTTP(answer, httptest.NewRequest("GET", "/products/1/head", nil))
	fmt.Println(answer.Code, answer.Header().Get("Cache-Groups"))
	// Output:
	// 200 "product:1", "products"
	// 200 "product:1"
}
