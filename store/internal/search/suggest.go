package search

import (
	"slices"
	"strings"
)

// maxSuggestions is how many other texts are suggested.
const maxSuggestions = 3

// suggest returns texts that find something, for words that find nothing: with
// words that are written in a similar way, without words that nobody has written,
// or without one of them.
func (f finder) suggest(words []string) []string {
	var texts []string
	try := func(words []string) {
		text := strings.Join(words, " ")
		if len(words) == 0 || len(texts) == maxSuggestions || slices.Contains(texts, text) {
			return
		}
		if !f.read(words).found.empty() {
			texts = append(texts, text)
		}
	}
	try(f.correct(words, guesses))
	known := slices.Clone(words)
	for i := len(words) - 1; i >= 0; i-- {
		if !f.word(words[i], i+1 == len(words)).ok {
			known = slices.Delete(known, i, i+1)
		}
	}
	try(known)
	for i := range known {
		try(slices.Delete(slices.Clone(known), i, i+1))
	}
	for _, w := range known {
		try([]string{w})
	}
	return texts
}
