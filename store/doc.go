// Package store keeps the data of the shop: products, carts and orders, in one
// set of SQL statements that SQLite and PostgreSQL both take. A package of its
// own for each database, such as store/sqlite, opens it; importing this one
// links no driver.
//
//	s, err := sqlite.Open(ctx, "shop.db")
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	cart, err := s.Add(ctx, session, key, 42, 2)
//	if err != nil {
//		return err
//	}
//	order, err := s.Checkout(ctx, session, key, store.Seen{Version: cart.Version}, customer)
//
// # Transactions
//
// A method is one transaction: when it returns an error, nothing has changed.
// Every write adds one to the version of each product and cart that it
// changed. A cart is no reservation; stock is taken by [Store.Checkout] alone,
// and never goes below zero, however many check out at once and from however
// many processes.
//
// # Idempotency
//
// The methods that change a cart take an idempotency key, or the empty string
// for none. Keys belong to a cart. The same request under the same key changes
// nothing and is answered as the first time: with the cart as it is, or with
// the order that the checkout made. Another request under the same key is
// [ErrKeyReused]. Only what succeeded is remembered, for 24 hours; older keys
// are deleted when a key is written next, so that they do not pile up.
//
// # Revisions
//
// Revisions only grow, within one life of the data: a backup that is restored
// takes them back. [Store.Epoch] names that life. A cart that [Store.EndCarts]
// deletes has revision 0, and its next write a larger one than ever before.
//
// # Carts without activity
//
// [Store.EndCarts] ends carts without activity since some time. A program that
// never calls it keeps all carts.
//
// # Search
//
// [Store.Products] answers from an index in memory that each Store keeps true:
// products carry the number of their last change, and a query first asks the
// database whether there are changes that the index has not seen, those of other
// processes included. A change of stock costs next to nothing; any other change
// of a product has the index built again. The database keeps the index that was
// built last, with which the next Store begins.
//
// Of 100,000 products the index holds 18 MiB, is there 0.15 s after the start, or
// is built in seconds, and answers in one to three milliseconds.
//
// A word is a run of letters, digits and marks. Words are compared without
// case and without accents: "Café" is "cafe" and "Straße" is "strasse", but "ø" is
// a letter of its own. Names are sorted in the same way. These are the same word:
//
//   - the forms of an English word: "mug" and "mugs", "knife" and "knives";
//   - one with an apostrophe and without: "chef's" and "chefs";
//   - joined words and their parts: "desk lamp", "desk-lamp" and "desklamp";
//   - a number with its unit: "20 cm", "20cm" and "20 centimeters";
//   - one that is not typed to its end, where no product has it: "cand";
//   - one of five letters or more with one typing mistake, where nothing is found
//     otherwise; [List.Corrected] has the word that was searched for.
//
// Words such as "the" and "with" do not count beside others, and of many words the
// first twelve do.
//
// # Errors
//
// The errors that callers branch on are the Err variables, *[ShortError] and
// *[ScarceError], to be asked for with [errors.Is] and [errors.As]; they come
// wrapped in what was being done. A call that ends because of its context returns that
// context's error. Everything else is a failure of the database.
package store
