// Package search is the index of the shop's products, in memory: it finds, counts,
// sorts and pages them, and knows nothing of SQL.
//
//	b := search.NewBuilder()
//	for _, p := range products {
//		b.Add(p)
//	}
//	x := b.Build(lastChange)
//	hits := x.Find(search.Query{Text: "blankets", Page: 1, PerPage: 24})
//
// # Words
//
// A text is cut into runs of letters, digits and marks, which are compared without
// case, accents and apostrophes. A number with its unit is one word, "20cm". Forms
// of an English word have one stem.
//
// # Reading a query
//
// A product is found if it has all words of the text, each of them
//
//  1. in one of its forms, or else
//  2. as the beginning of a word, or else
//  3. as two words that were joined, both of which it has;
//
// or if it has two neighbors of the text as one word. Where that finds nothing,
// words of five letters and more that no product has are replaced by one that is a
// typing mistake away, and where that finds nothing either, there are suggestions.
// The last word of a text, which may not be typed to its end, begins words of names
// even if it is one itself.
//
// # Memory
//
// The slots of each word are stored as varints of their distances, and put into bit
// sets for a query. Filters, counts and pages are operations on these sets.
package search
