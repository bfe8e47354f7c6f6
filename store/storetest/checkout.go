package storetest

import (
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"selvedge/store"
)

func testCheckout(t *testing.T, open func(testing.TB) *store.Store) {
	for _, tt := range []cartTest{
		{"A checkout empties the cart and adds one to its version.", []step{
			{add("", 11, 2), nil}, {add("", 13, 1), nil}, {checkout("", 2), nil},
		}, "v3:"},
		{"A cart that was bought can be filled again.", []step{
			{add("", 11, 2), nil}, {checkout("", 1), nil}, {add("", 11, 1), nil}, {checkout("", 3), nil},
		}, "v4:"},
		{"Any version can be bought by who did not see one.", []step{
			{add("", 11, 2), nil}, {add("", 13, 1), nil}, {func(tb testing.TB, s *store.Store) (store.Cart, error) {
				_, err := s.Checkout(tb.Context(), "cart", "", store.Seen{Version: store.AnyVersion}, customer)
				return store.Cart{Version: 3}, err
			}, nil},
		}, "v3:"},
		{"A cart that is no longer the one that was seen is not bought.", []step{
			{add("", 11, 2), nil}, {add("", 13, 1), nil}, {checkout("", 1), store.ErrChanged}, {checkout("", 3), store.ErrChanged},
		}, "v2: 2 of 11, 1 of 13"},
		{"A cart that was bought meanwhile has changed.", []step{
			{add("", 11, 2), nil}, {checkout("k", 1), nil}, {checkout("l", 1), store.ErrChanged},
		}, "v2:"},
		{"A cart that never existed is empty.", []step{
			{checkout("", 0), store.ErrEmpty}, {checkout("", store.AnyVersion), store.ErrEmpty},
		}, "v0:"},
		{"A cart that never existed is not the one that was seen.", []step{
			{checkout("", 4), store.ErrChanged},
		}, "v0:"},
		{"A cart without lines is empty.", []step{
			{add("", 11, 2), nil}, {remove("", 11), nil}, {checkout("", 2), store.ErrEmpty}, {checkout("", store.AnyVersion), store.ErrEmpty},
		}, "v2:"},
		{"A cart that wants more than there is stays as it is.", []step{
			{add("", 13, 1), nil}, {add("", 14, 2), nil}, {stock(14, 1), nil}, {checkout("k", 2), short("Straßenlampe", 2, 1)},
			{set("", 14, 1), nil}, {checkout("k", 3), nil},
		}, "v4:"},
	} {
		tt.run(t, open)
	}
	t.Run("A checkout takes the pieces and makes an order.", func(t *testing.T) { testOrderMade(t, open(t)) })
	t.Run("An order is found by the version of its cart.", func(t *testing.T) { testOrderOfVersion(t, open(t)) })
	t.Run("A checkout buys what its buyer saw.", func(t *testing.T) { testSeen(t, open(t)) })
	t.Run("A checkout that is short names all lines and takes nothing.", func(t *testing.T) { testShort(t, open(t)) })
	t.Run("The last piece can be bought.", func(t *testing.T) {
		s := open(t)
		fill(t, s, goods()...)
		mustAdd(t, s, "cart", 17, 1)
		if _, err := s.Checkout(t.Context(), "cart", "", store.Seen{Version: 1}, customer); err != nil {
			t.Fatal(err)
		}
		if got := product(t, s, 17).Stock; got != 0 {
			t.Errorf("stock = %d; want 0", got)
		}
	})
}

func testOrderMade(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	mustAdd(t, s, "cart", 13, 2)
	mustAdd(t, s, "cart", 11, 1)
	before := time.Now().Truncate(time.Millisecond)
	got, err := s.Checkout(t.Context(), "cart", "", store.Seen{Version: 2}, customer)
	if err != nil {
		t.Fatal(err)
	}
	want := store.Order{
		ID: got.ID, CartID: "cart", Customer: customer, Placed: got.Placed, Shipping: store.Euro(0),
		Lines: []store.OrderLine{
			{ProductID: 13, Name: "Café mug", Price: store.Euro(1450), Quantity: 2},
			{ProductID: 11, Name: "Linen apron", Price: store.Euro(4500), Quantity: 1},
		},
	}
	if diff := diff(want, got); diff != "" {
		t.Errorf("Checkout (-want +got):\n%s", diff)
	}
	if got.Placed.Before(before) || got.Placed.After(time.Now()) {
		t.Errorf("placed at %v; want between %v and now", got.Placed, before)
	}
	if ok, _ := regexp.MatchString(`^([2-9A-HJ-NP-Z]{5}-){2}[2-9A-HJ-NP-Z]{5}$`, got.ID); !ok {
		t.Errorf("order id = %q; want three groups of five characters", got.ID)
	}
	for id, want := range map[int64]string{11: "4 left, version 2", 13: "48 left, version 2", 14: "2 left, version 1"} {
		p := product(t, s, id)
		if got := fmt.Sprintf("%d left, version %d", p.Stock, p.Version); got != want {
			t.Errorf("product %d: %s; want %s", id, got, want)
		}
	}
}

func testOrderOfVersion(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	var orders []store.Order
	for _, version := range []int64{1, store.AnyVersion} {
		mustAdd(t, s, "cart", 13, 2)
		order, err := s.Checkout(t.Context(), "cart", "", store.Seen{Version: version}, customer)
		if err != nil {
			t.Fatal(err)
		}
		orders = append(orders, order)
	}
	for i, version := range []int64{1, 3} {
		got, err := s.OrderOfVersion(t.Context(), "cart", version)
		if err != nil {
			t.Fatal(err)
		}
		if diff := diff(orders[i], got); diff != "" {
			t.Errorf("order of version %d (-want +got):\n%s", version, diff)
		}
	}
	for _, none := range []struct {
		cart    string
		version int64
	}{{"cart", 2}, {"cart", 4}, {"cart", store.AnyVersion}, {"other", 1}} {
		if _, err := s.OrderOfVersion(t.Context(), none.cart, none.version); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("order of version %d of %s: %v; want %v", none.version, none.cart, err, store.ErrNotFound)
		}
	}
}

func testShort(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	mustAdd(t, s, "cart", 14, 2)
	mustAdd(t, s, "cart", 13, 50)
	mustAdd(t, s, "cart", 17, 1)
	setStock(t, s, 14, 1)
	setStock(t, s, 17, 0)
	before := []store.Product{product(t, s, 13), product(t, s, 14), product(t, s, 17)}
	_, err := s.Checkout(t.Context(), "cart", "", store.Seen{Version: 3}, customer)
	var short *store.ShortError
	if !errors.As(err, &short) {
		t.Fatalf("Checkout: %v; want a *ShortError", err)
	}
	want := []store.Line{{Product: product(t, s, 14), Quantity: 2}, {Product: product(t, s, 17), Quantity: 1}}
	if diff := diff(want, short.Lines); diff != "" {
		t.Errorf("short lines (-want +got):\n%s", diff)
	}
	for _, want := range before {
		if diff := diff(want, product(t, s, want.ID)); diff != "" {
			t.Errorf("product %d has changed (-want +got):\n%s", want.ID, diff)
		}
	}
	if got, want := cart(t, s, "cart"), "v3: 2 of 14, 50 of 13, 1 of 17"; got != want {
		t.Errorf("cart = %q; want %q", got, want)
	}
}

func testOrders(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	fill(t, s, goods()...)
	mustAdd(t, s, "cart", 15, 1)
	mustAdd(t, s, "cart", 13, 1)
	order, err := s.Checkout(t.Context(), "cart", "", store.Seen{Version: 2}, customer)
	if err != nil {
		t.Fatal(err)
	}
	if order.Shipping != store.ShippingFee {
		t.Errorf("shipping of %v = %v; want %v", order.Subtotal(), order.Shipping, store.ShippingFee)
	}
	mustAdd(t, s, "other", 15, 1)

	t.Run("An order is read as it was made.", func(t *testing.T) {
		got, err := s.Order(t.Context(), "cart", order.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := diff(order, got); diff != "" {
			t.Errorf("Order (-made +read):\n%s", diff)
		}
	})
	t.Run("An order is found by its id alone.", func(t *testing.T) {
		got, err := s.OrderByID(t.Context(), order.ID)
		if diff := diff(order, got); err != nil || diff != "" {
			t.Errorf("OrderByID: %v (-made +read):\n%s", err, diff)
		}
		if _, err := s.OrderByID(t.Context(), "22222-22222-22222"); reason(err) != reason(store.ErrNotFound) {
			t.Errorf("OrderByID of an unknown order: %v; want %v", err, store.ErrNotFound)
		}
	})
	for _, tt := range []struct{ name, cartID, orderID string }{
		{"An order of another cart is not found.", "other", order.ID},
		{"An order of no cart is not found.", "", order.ID},
		{"An unknown order is not found.", "cart", "22222-22222-22222"},
		{"An order without an id is not found.", "cart", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := s.Order(t.Context(), tt.cartID, tt.orderID)
			if reason(err) != reason(store.ErrNotFound) {
				t.Errorf("Order(%q, %q): %v; want %v", tt.cartID, tt.orderID, err, store.ErrNotFound)
			}
			if diff := diff(store.Order{}, got); diff != "" {
				t.Errorf("Order(%q, %q) gives something away:\n%s", tt.cartID, tt.orderID, diff)
			}
		})
	}
}
