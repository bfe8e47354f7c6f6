// Package catalogue is what the shop sells: the goods that its people wrote
// about, and as many made-up ones as a test of size needs.
//
//	shop, err := sqlite.Open(ctx, "shop.db")
//	if err != nil {
//		return err
//	}
//	defer shop.Close()
//	n, err := shop.Fill(ctx, slices.Values(catalogue.Products()))   // the catalogue
//	n, err = shop.Fill(ctx, catalogue.Generate(100_000))            // or many more
//
// # Goods
//
// Products come from catalogue.json, in the order of that file, with the ids from
// 1 up. Every one has a name of its own, a summary, a description of two or more
// paragraphs, five specifications or more, and two pictures or more that package
// picture draws. No two share kind, color and pattern, so no two look the same.
//
// # Generated goods
//
// Generate is deterministic: product i is the same on every machine, however many
// are asked for. Names, texts and figures are plausible for the kind of thing,
// and its pictures can be drawn.
package catalogue
