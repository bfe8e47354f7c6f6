package search

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// tolerance is how many typing mistakes a word may have, by its length.
type tolerance func(length int) int

// mistakes is what a query may have and is answered all the same.
func mistakes(length int) int {
	if length >= 5 {
		return 1
	}
	return 0
}

// guesses is what a suggestion may differ by.
func guesses(length int) int {
	switch {
	case length >= 6:
		return 2
	case length >= 3:
		return 1
	}
	return 0
}

// correct returns the word that is most likely meant by a mistyped one, or "".
func (x *Index) correct(word string, mistakes int) string {
	if mistakes == 0 || hasDigit(word) {
		return ""
	}
	type candidate struct {
		word                     string
		distance, names, letters int
	}
	var best candidate
	x.near(word, mistakes, func(i, distance int) {
		c := candidate{word: x.words[i], distance: distance, names: x.postings[inName].count(i)}
		if hasDigit(c.word) || distance == 0 {
			return
		}
		first, _ := utf8.DecodeRuneInString(word)
		if strings.HasPrefix(c.word, string(first)) {
			c.letters = 1
		}
		if best.word == "" || c.distance < best.distance ||
			c.distance == best.distance && (c.names > best.names || c.names == best.names && c.letters > best.letters) {
			best = c
		}
	})
	return best.word
}

// near calls f with the place of each word within a distance: the number of
// letters that were left out, added or replaced, and of neighbors that were
// swapped. It walks the sorted vocabulary as a trie: a row of distances is
// computed once for all words with the same beginning, and a beginning that is
// too far away is left with all its words.
func (x *Index) near(word string, most int, f func(i, distance int)) {
	w := newWalk(word)
	for i := 0; i < len(x.words); {
		if depth := w.enter(x.words[i], most); depth > 0 {
			beginning := x.words[i][:depth]
			i += sort.Search(len(x.words)-i, func(n int) bool {
				return !strings.HasPrefix(x.words[i+n], beginning)
			})
			continue
		}
		if distance := w.distance(); distance <= most {
			f(i, distance)
		}
		i++
	}
}

// walk is the way from the root of a trie to a word, with the rows of the
// distances between its beginnings and those of the word that is looked for.
type walk struct {
	word []rune
	path []rune
	rows [][]int
}

func newWalk(word string) *walk {
	w := &walk{word: []rune(word)}
	first := make([]int, len(w.word)+1)
	for i := range first {
		first[i] = i
	}
	w.rows = [][]int{first}
	return w
}

// enter goes to a word. If a beginning of it is farther away than most, it stays
// there and returns how many bytes that has, else 0.
func (w *walk) enter(word string, most int) int {
	depth := 0
	for i, r := range word {
		if depth < len(w.path) && w.path[depth] == r {
			depth++
			continue
		}
		w.path = append(w.path[:depth], r)
		depth++
		if slices.Min(w.row(depth)) > most {
			w.path = w.path[:depth-1]
			return i + utf8.RuneLen(r)
		}
	}
	w.path = w.path[:depth]
	return 0
}

func (w *walk) distance() int { return w.rows[len(w.path)][len(w.word)] }

// row computes the distances of the beginning of path with depth letters.
func (w *walk) row(depth int) []int {
	if depth == len(w.rows) {
		w.rows = append(w.rows, make([]int, len(w.word)+1))
	}
	row, above := w.rows[depth], w.rows[depth-1]
	row[0] = depth
	for i, r := range w.word {
		cost := 1
		if r == w.path[depth-1] {
			cost = 0
		}
		row[i+1] = min(above[i]+cost, above[i+1]+1, row[i]+1)
		if depth > 1 && i > 0 && r == w.path[depth-2] && w.word[i-1] == w.path[depth-1] {
			row[i+1] = min(row[i+1], w.rows[depth-2][i-1]+1)
		}
	}
	return row
}
