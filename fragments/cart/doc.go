// Package cart is the fragment of the shopping cart: the badge in the header,
// the form that buttons add with, the cart page, checkout and the order page,
// and the REST routes of all that.
//
//	db, err := sqlite.Open(ctx, "shop.db")
//	if err != nil {
//		return err
//	}
//	f, err := cart.New(db, cart.Options{})
//	if err != nil {
//		return err
//	}
//	http.ListenAndServe("127.0.0.1:8091", f)
//
// # Whose cart
//
// A cart belongs to a session: the cookie "session", 32 hexadecimal digits that
// the composer sets and verifies. The fragment does not set it. Without the cookie the cart is
// empty and every write is a 400. The id of the cart is a hash of the cookie,
// so that the group "cart:ID" in a header does not give the session away.
//
// An order is shown to the session of its cart, and to everybody by the signed link
// that its page has. A link with a wrong signature finds nothing.
//
// # Writing once
//
// A write takes an idempotency key: the header Idempotency-Key, or the field
// idempotencyKey that every form of this fragment carries. A request that comes
// again under its key changes nothing and has the answer of the first time; if the
// line that it was for was written since, a person is told so.
//
// A write to a line and a checkout take the version of the cart that was shown:
// the field version. A line that was written since is left as it is, and so is a
// cart that has changed since when it is to be bought. A person then gets the cart
// of now, and a checkout of a version that was bought before leads to its order.
//
// # What one sees is what one orders
//
// The field of a quantity saves itself, and belongs to the checkout form: so that
// form carries the version of the cart, its total, and the quantities as they
// stand in the page, typed ones included. An order of anything else than the
// cart has is refused with 409, and says what differs; the JSON of the problem
// has the cart of now. A program may leave out what it does not know.
//
// # No more than there is
//
// An addition and a quantity that would bring more pieces of a product into the
// cart than there are, are refused with 409. The JSON of the problem has what is
// short as in a refused checkout, and in possible the most pieces that the cart
// can have. A cart is no reservation: when others buy, it may want more than there
// is, and its page says so.
//
// # Answers
//
// A write answers with the JSON of the cart or the order, or, to a browser
// that sent a form, with a redirect to the page to look at; a script gets the
// parts of its page that have changed instead. Both say what was done: the script
// gets the element with the id added, and the address of the redirect after an
// addition or a change has the parameters added and pieces, which a page hands to
// the route /added. Reads name the
// groups "cart:ID" and "product:ID" of every line; a write invalidates
// "cart:ID", and a checkout also what it took from the stock.
package cart
