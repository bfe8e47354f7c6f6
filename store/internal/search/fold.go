package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// folder takes case and accents out of text. It is for one goroutine.
type folder struct {
	chain transform.Transformer
}

func newFolder() *folder {
	return &folder{transform.Chain(
		norm.NFD,
		runes.Remove(runes.In(unicode.Mn)),
		runes.Map(unicode.ToLower), // because Fold alone swaps the cases of Cherokee
		cases.Fold(),
	)}
}

// fold returns the text as it is compared: "Éclair" is "eclair", "Straße" is
// "strasse".
func (f *folder) fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	folded, _, err := transform.String(f.chain, text)
	if err != nil { // none of them has any
		return strings.ToLower(text)
	}
	return folded
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var apostrophes = strings.NewReplacer("'", "", "’", "")

// word returns a run as the word that is compared: without apostrophes, and
// with a number as it is counted. A run of marks alone is no word.
func (f *folder) word(raw string) string {
	number, rest := splitNumber(raw)
	return plainNumber(number) + apostrophes.Replace(f.fold(rest))
}

// plainNumber returns a number without the commas that separate thousands, and
// with points in place of others.
func plainNumber(number string) string {
	before, after, ok := strings.Cut(number, ",")
	if !ok {
		return number
	}
	digits := 0
	for digits < len(after) && isDigit(after[digits]) {
		digits++
	}
	if digits == 3 {
		return before + plainNumber(after)
	}
	return before + "." + plainNumber(after)
}
