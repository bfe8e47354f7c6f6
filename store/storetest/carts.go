package storetest

import (
	"math"
	"testing"

	"selvedge/store"
)

// step is one call on the cart "cart".
type step struct {
	do   func(testing.TB, *store.Store) (store.Cart, error)
	want error
}

func add(key string, id int64, quantity int) func(testing.TB, *store.Store) (store.Cart, error) {
	return func(tb testing.TB, s *store.Store) (store.Cart, error) {
		return s.Add(tb.Context(), "cart", key, id, quantity)
	}
}

func set(key string, id int64, quantity int) func(testing.TB, *store.Store) (store.Cart, error) {
	return func(tb testing.TB, s *store.Store) (store.Cart, error) {
		return s.SetQuantity(tb.Context(), "cart", key, store.AnyVersion, id, quantity)
	}
}

// setSeen and removeSeen are calls of who saw a version of the cart.
func setSeen(version, id int64, quantity int) func(testing.TB, *store.Store) (store.Cart, error) {
	return func(tb testing.TB, s *store.Store) (store.Cart, error) {
		return s.SetQuantity(tb.Context(), "cart", "", version, id, quantity)
	}
}

func removeSeen(version, id int64) func(testing.TB, *store.Store) (store.Cart, error) {
	return func(tb testing.TB, s *store.Store) (store.Cart, error) {
		return s.Remove(tb.Context(), "cart", "", version, id)
	}
}

func remove(key string, id int64) func(testing.TB, *store.Store) (store.Cart, error) {
	return func(tb testing.TB, s *store.Store) (store.Cart, error) {
		return s.Remove(tb.Context(), "cart", key, store.AnyVersion, id)
	}
}

// stock is a delivery, or a sale to somebody else. It returns the cart of then.
func stock(id int64, pieces int) func(testing.TB, *store.Store) (store.Cart, error) {
	return func(tb testing.TB, s *store.Store) (store.Cart, error) {
		if _, err := s.SetStock(tb.Context(), id, pieces); err != nil {
			return store.Cart{}, err
		}
		return s.Cart(tb.Context(), "cart")
	}
}

// checkout returns an empty cart for an order.
func checkout(key string, version int64) func(testing.TB, *store.Store) (store.Cart, error) {
	return func(tb testing.TB, s *store.Store) (store.Cart, error) {
		_, err := s.Checkout(tb.Context(), "cart", key, store.Seen{Version: version}, customer)
		return store.Cart{Version: version + 1}, err
	}
}

type cartTest struct {
	name  string
	steps []step
	want  string // the cart afterwards
}

// run takes the steps on a full shop. A step that succeeds must answer with the
// cart that a reader then sees.
func (tt cartTest) run(t *testing.T, open func(testing.TB) *store.Store) {
	t.Run(tt.name, func(t *testing.T) {
		s := open(t)
		fill(t, s, goods()...)
		for i, step := range tt.steps {
			got, err := step.do(t, s)
			if reason(err) != reason(step.want) {
				t.Fatalf("step %d: %v; want %v", i+1, err, step.want)
			}
			if now := cart(t, s, "cart"); err == nil && cartText(got) != now {
				t.Errorf("step %d = %q, but the cart is %q", i+1, cartText(got), now)
			}
		}
		if got := cart(t, s, "cart"); got != tt.want {
			t.Errorf("cart = %q; want %q", got, tt.want)
		}
	})
}

func testCarts(t *testing.T, open func(testing.TB) *store.Store) {
	for _, tt := range []cartTest{
		{"A cart that was never written to is empty and has version 0.", nil, "v0:"},
		{"Lines stand in the order in which they were added.", []step{
			{add("", 16, 1), nil}, {add("", 11, 2), nil}, {add("", 13, 3), nil}, {add("", 11, 1), nil},
		}, "v4: 1 of 16, 3 of 11, 3 of 13"},
		{"A line that is removed and added again is the last one.", []step{
			{add("", 16, 1), nil}, {add("", 11, 1), nil}, {remove("", 16), nil}, {add("", 16, 1), nil},
		}, "v4: 1 of 11, 1 of 16"},
		{"Adding a product twice makes one line of both.", []step{
			{add("", 11, 2), nil}, {add("", 11, 3), nil},
		}, "v2: 5 of 11"},
		{"All that there is can be added, and no more.", []step{
			{add("", 14, 3), scarce("Straßenlampe", 3, 2, 0)}, {add("", 14, 2), nil}, {add("", 14, 1), scarce("Straßenlampe", 3, 2, 2)},
		}, "v1: 2 of 14"},
		{"Nothing is added to a line of which there is less than it has.", []step{
			{add("", 11, 3), nil}, {stock(11, 2), nil}, {add("", 11, 1), scarce("Linen apron", 4, 2, 3)},
		}, "v1: 3 of 11"},
		{"A quantity can be set to all that there is, and no more.", []step{
			{add("", 14, 1), nil}, {set("", 14, 3), scarce("Straßenlampe", 3, 2, 1)}, {set("", 14, 2), nil},
		}, "v2: 2 of 14"},
		{"A line of which there is less can be set to what there is.", []step{
			{add("", 11, 5), nil}, {stock(11, 2), nil}, {set("", 11, 4), scarce("Linen apron", 4, 2, 5)}, {set("", 11, 2), nil},
			{stock(11, 0), nil}, {set("", 11, 1), scarce("Linen apron", 1, 0, 2)}, {remove("", 11), nil},
		}, "v3:"},
		{"What is sold out cannot be added.", []step{
			{add("", 12, 1), scarce("Crème brûlée set", 1, 0, 0)},
		}, "v0:"},
		{"What does not exist cannot be added.", []step{{add("", 99, 1), store.ErrNotFound}}, "v0:"},
		{"The least and the largest quantity can be added.", []step{
			{stock(13, 200), nil}, {add("", 11, 1), nil}, {add("", 13, store.MaxQuantity), nil},
		}, "v2: 1 of 11, 99 of 13"},
		{"Quantities out of range cannot be added.", []step{
			{add("", 11, 0), store.ErrQuantity}, {add("", 11, -1), store.ErrQuantity},
			{add("", 11, store.MaxQuantity+1), store.ErrQuantity}, {add("", 11, math.MaxInt), store.ErrQuantity},
		}, "v0:"},
		{"A line grows to the largest quantity and no further.", []step{
			{stock(13, 200), nil}, {add("", 13, 98), nil}, {add("", 13, 2), store.ErrQuantity}, {add("", 13, 1), nil}, {add("", 13, 1), store.ErrQuantity},
		}, "v2: 99 of 13"},
		{"A quantity can be set from the least to the largest.", []step{
			{stock(13, 200), nil}, {add("", 13, 5), nil}, {set("", 13, 1), nil}, {set("", 13, store.MaxQuantity), nil},
		}, "v3: 99 of 13"},
		{"A quantity cannot be set out of range.", []step{
			{add("", 13, 5), nil}, {set("", 13, 0), store.ErrQuantity}, {set("", 13, -1), store.ErrQuantity},
			{set("", 13, store.MaxQuantity+1), store.ErrQuantity}, {set("", 13, math.MinInt), store.ErrQuantity},
		}, "v1: 5 of 13"},
		{"Setting a quantity to what it was is a write too.", []step{
			{add("", 13, 5), nil}, {set("", 13, 5), nil},
		}, "v2: 5 of 13"},
		{"A line that was written since it was seen is not changed.", []step{
			{add("", 11, 1), nil}, {set("", 11, 2), nil}, {setSeen(1, 11, 3), store.ErrChanged}, {removeSeen(1, 11), store.ErrChanged},
			{add("", 11, 2), nil}, {setSeen(2, 11, 1), store.ErrChanged},
		}, "v3: 4 of 11"},
		{"A line that is as it was seen is changed, whatever became of others.", []step{
			{add("", 11, 1), nil}, {add("", 13, 1), nil}, {set("", 13, 2), nil}, {setSeen(2, 11, 5), nil}, {removeSeen(3, 13), nil},
		}, "v5: 5 of 11"},
		{"A line that was removed since it was seen is not there.", []step{
			{add("", 11, 1), nil}, {remove("", 11), nil}, {setSeen(1, 11, 3), store.ErrNotFound}, {removeSeen(1, 11), store.ErrNotFound},
			{add("", 11, 1), nil}, {removeSeen(1, 11), store.ErrChanged},
		}, "v3: 1 of 11"},
		{"What is not in the cart has no quantity.", []step{
			{set("", 13, 1), store.ErrNotFound}, {add("", 11, 1), nil}, {set("", 13, 1), store.ErrNotFound},
		}, "v1: 1 of 11"},
		{"What is not in the cart cannot be removed.", []step{
			{remove("", 13), store.ErrNotFound}, {add("", 11, 1), nil}, {remove("", 13), store.ErrNotFound},
		}, "v1: 1 of 11"},
		{"A cart from which everything was removed is empty and keeps its version.", []step{
			{add("", 11, 1), nil}, {remove("", 11), nil}, {remove("", 11), store.ErrNotFound},
		}, "v2:"},
	} {
		tt.run(t, open)
	}
	t.Run("A line shows the product of now.", func(t *testing.T) { testLineProduct(t, open(t)) })
	t.Run("Carts do not know each other.", func(t *testing.T) { testTwoCarts(t, open(t)) })
}

func testLineProduct(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	if _, err := s.Add(t.Context(), "cart", "", 13, 4); err != nil {
		t.Fatal(err)
	}
	if v := product(t, s, 13).Version; v != 1 {
		t.Errorf("version of the product after Add = %d; want 1", v)
	}
	if _, err := s.SetStock(t.Context(), 13, 3); err != nil {
		t.Fatal(err)
	}
	got, err := s.Cart(t.Context(), "cart")
	if err != nil {
		t.Fatal(err)
	}
	want := store.Cart{ID: "cart", Version: 1, Lines: []store.Line{{Product: product(t, s, 13), Quantity: 4}}}
	if diff := diff(want, got); diff != "" {
		t.Errorf("Cart (-want +got):\n%s", diff)
	}
	if !got.Short() {
		t.Errorf("Short() = false with %d left of 4; want true", got.Lines[0].Product.Stock)
	}
}

func testTwoCarts(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	for _, id := range []string{"a", "b"} {
		if _, err := s.Add(t.Context(), id, "key", 13, 4); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Remove(t.Context(), "a", "", store.AnyVersion, 13); err != nil {
		t.Fatal(err)
	}
	if got, want := cart(t, s, "a"), "v2:"; got != want {
		t.Errorf("cart a = %q; want %q", got, want)
	}
	if got, want := cart(t, s, "b"), "v1: 4 of 13"; got != want {
		t.Errorf("cart b = %q; want %q", got, want)
	}
}
