package composer

import (
	"fmt"
	"math/rand/v2"
)

// htmlText returns text like that of a list of products, of about n bytes and
// always the same.
func htmlText(n int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	words := []string{"linen", "cotton", "shirt", "wool", "jacket", "blue", "green", "grey", "woven", "loose", "long", "with", "pocket"}
	text := make([]byte, 0, n+200)
	for len(text) < n {
		id := random.IntN(100_000)
		text = fmt.Appendf(text, "<li class=\"product\" id=\"product-%d\">\n  <a href=\"/products/%d\"><img src=\"/static/pictures/%x.svg\" alt=\"\" loading=\"lazy\">", id, id, random.Uint32())
		for range 4 + random.IntN(8) {
			text = append(append(text, words[random.IntN(len(words))]...), ' ')
		}
		text = fmt.Appendf(text, "</a>\n  <data value=\"%d\">%d.%02d €</data>\n</li>\n", id, id/100, id%100)
	}
	return text
}
