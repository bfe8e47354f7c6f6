package productlist_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"

	"github.com/PuerkitoBio/goquery"

	"selvedge/fragments/productlist"
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
	goods := []store.Product{
		{ID: 1, Name: "Mug", Category: "kitchen", Price: store.Euro(1850), Stock: 12, Version: 1},
		{ID: 2, Name: "Blanket", Category: "textiles", Price: store.Euro(129000), Stock: 3, Version: 1},
	}
	if _, err := db.Fill(ctx, slices.Values(goods)); err != nil {
		fmt.Println(err)
		return
	}
	list, err := productlist.New(db)
	if err != nil {
		fmt.Println(err)
		return
	}

	answer := httptest.NewRecorder()
	list.ServeHTTP(answer, httptest.NewRequest("GET", "/grid?sort=-price", nil))
	grid, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, card := range grid.Find(".productcard").EachIter() {
		fmt.Printf("%s, %s\n", card.Find("h2").Text(), card.Find(".productcard-price").Text())
	}
	fmt.Println(answer.Header().Get("Cache-Groups"))
	// Output:
	// Blanket, €1,290.00
	// Mug, €18.50
	// "products", "product:2", "product:1"
}
