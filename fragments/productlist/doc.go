// Package productlist is the fragment that shows the catalogue: the grid of
// products with its filters and pages, the home page, and the search box of the
// header.
//
//	db, err := sqlite.Open(ctx, "selvedge-data/selvedge.db")
//	if err != nil {
//		return err
//	}
//	defer db.Close()
//	list, err := productlist.New(db)
//	if err != nil {
//		return err
//	}
//	return http.ListenAndServe("127.0.0.1:8092", list)
//
// # Paths
//
//   - GET /grid answers with the grid and what narrows it down.
//   - GET /head answers with the head of the page of that list, /home with the home
//     page, and /home/head with its head.
//   - GET /related/{id} answers with other products of a product's category,
//     /categories with links to the categories, and /browse with ways on from an
//     error. Most loved is what the last 1,000 orders have the most pieces of.
//   - GET /sitemap.xml answers with the addresses of all pages of the shop.
//   - GET /search answers with the search form of the header.
//   - GET /suggest answers with what a text that is being typed may be about: its
//     parameter q, as below.
//   - GET /api/products answers with the same list as JSON.
//
// # Query
//
// The grid, its head, the search form and the JSON take one query. Every parameter may be left out or empty, which is
// its default, and links leave defaults out, so that one list has one address.
//
//	q         what a person searches for; at most 200 characters
//	category  one category of the shop
//	min, max  prices in euros with at most two decimals, both included
//	stock     1: only what can be bought
//	sort      relevance (default), price, -price, name or newest
//	page      from 1
//	perPage   1 to 100, 24 by default
//
// In JSON, a value that is not allowed, or a parameter that is given twice, is a
// 400 that names the parameter and what it takes. The grid shows the list that
// the rest of the query asks for, and says what is wrong beside the fields; it
// refuses only a text that is too long. A page after the last is a 404. Other
// parameters are ignored, for links from elsewhere bring their own. The search
// form and its suggestions never refuse: they are empty instead.
//
// # Caching
//
// The grid and its JSON belong to the groups "products" and "product:ID" of
// every product that they show. A cache that knows groups drops them as soon
// as one of these changes; s-maxage bounds how stale any other shared cache
// gets, and a browser, which nothing can purge, always asks again and is
// answered 304 while nothing has changed.
package productlist
