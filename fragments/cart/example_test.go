package cart_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"selvedge/fragments/cart"
	"selvedge/store/sqlite"
)

func Example() {
	db, err := sqlite.Open(context.Background(), sqlite.Memory)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()
	f, err := cart.New(db, cart.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequestWithContext(context.Background(), "GET", "/api/cart", nil)
	r.Header.Set("Cookie", "session=00112233445566778899aabbccddeeff")
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Header().Get("Cache-Groups"))
	fmt.Print(w.Body)
	// Output:
	// 200 "cart:5947d7c33d783f94"
	// {"version":0,"lines":[],"count":0,"subtotal":{"amount":0,"currency":"EUR"},"shipping":{"amount":0,"currency":"EUR"},"total":{"amount":0,"currency":"EUR"}}
}
