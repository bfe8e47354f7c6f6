// Package htmltag finds the tags in a body of HTML, without building a tree.
//
//	for i := 0; ; {
//		tag, ok := htmltag.Next(body, i)
//		if !ok {
//			break
//		}
//		id, _ := tag.Attribute("id")
//		fmt.Println(tag.Name, id)
//		i = tag.Next
//	}
//
// A tag is found where an HTML parser finds it (HTML Living Standard §13.2.5): comments,
// document types, processing instructions, and the content of raw text elements such as
// script are skipped. Positions are offsets of bytes, so that a caller can cut the body.
//
// The tokenizer of golang.org/x/net/html does more, and takes more than ten times as long to find
// the first tag of a fragment (BenchmarkFirstTag), which a page does once for each of its
// views.
package htmltag
