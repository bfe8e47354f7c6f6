// Package productdetails is the fragment that shows one product: its pictures,
// price, stock and specifications, and the way into the cart.
//
//	db, err := sqlite.Open(ctx, "selvedge-data/selvedge.db")
//	if err != nil {
//		return err
//	}
//	defer db.Close()
//	details, err := productdetails.New(db, authorize)
//	if err != nil {
//		return err
//	}
//	return http.ListenAndServe("127.0.0.1:8093", details)
//
// # Paths
//
//   - GET /products/{id} answers with the product.
//   - GET /products/{id}/head answers with the head of its page: title, canonical
//     address, Open Graph, and JSON-LD with what there is of it.
//   - GET /api/products/{id} answers with the product as JSON.
//   - PATCH /api/products/{id}/stock takes {"stock": n} and answers with the
//     product as JSON.
//
// An id that no product has, or that is no number, is a 404.
//
// # Stock
//
// Setting the stock is for the people of the shop: the request must carry the
// token that was given to New as "Authorization: Bearer TOKEN". Without a
// configured token nobody may, and the answer is 403. The answer to a write
// names the groups "product:ID" and "products" as changed.
//
// # Caching
//
// What shows a product belongs to the group "product:ID". A cache that knows
// groups drops it as soon as the product changes; s-maxage bounds how stale
// any other shared cache gets, and a browser, which nothing can purge, always
// asks again and is answered 304 while nothing has changed.
package productdetails
