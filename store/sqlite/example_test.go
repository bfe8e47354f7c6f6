package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"

	"selvedge/store"
	"selvedge/store/sqlite"
)

func Example() {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Memory)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	_, err = s.Fill(ctx, slices.Values([]store.Product{
		{ID: 1, Name: "Café mug", Category: "kitchen", Price: store.Euro(1450), Stock: 3},
		{ID: 2, Name: "Linen apron", Category: "kitchen", Price: store.Euro(4500), Stock: 1},
	}))
	if err != nil {
		log.Fatal(err)
	}

	list, err := s.Products(ctx, store.Query{Text: "cafe"})
	fmt.Println(list.Total, list.Products[0].Name, err)

	_, err = s.Add(ctx, "my cart", "", 2, 2)
	var scarce *store.ScarceError
	fmt.Println(errors.As(err, &scarce), err)

	cart, err := s.Add(ctx, "my cart", "first click", 2, 1)
	fmt.Println(cart.Total(), cart.Short(), err)

	_, err = s.SetStock(ctx, 2, 0) // somebody else was faster
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Checkout(ctx, "my cart", "", store.Seen{Version: cart.Version}, store.Customer{Name: "Zoë"})
	var short *store.ShortError
	fmt.Println(errors.As(err, &short), err)

	// Output:
	// 1 Café mug <nil>
	// true add to cart: not enough stock: Linen apron: 2 wanted, 1 left
	// €49.90 false <nil>
	// true check out: not enough stock: Linen apron: 1 wanted, 0 left
}
