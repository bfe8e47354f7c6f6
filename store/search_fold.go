package store

import (
	"iter"
	"slices"
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

// words returns the words of a text, folded.
func (f *folder) words(text string) []string {
	var words []string
	for raw := range rawWords(text) {
		if w := f.fold(raw); w != "" { // a word of marks alone is none
			words = append(words, w)
		}
	}
	return words
}

// rawWords returns the longest runs of letters, digits and marks.
func rawWords(text string) iter.Seq[string] {
	return strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
}

// queryWords returns the words that a product must match: sorted, each once,
// and without those that begin another one, which matches wherever they do.
func queryWords(text string) []string {
	words := newFolder().words(text)
	slices.Sort(words)
	kept := words[:0]
	for i, w := range words {
		if i+1 == len(words) || !strings.HasPrefix(words[i+1], w) {
			kept = append(kept, w)
		}
	}
	return kept
}
