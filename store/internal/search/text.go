package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// textMatch is what is found of a text.
type textMatch struct {
	readings    []reading
	found       bitset
	corrected   string
	suggestions []string
}

// reading is one way to read a text: "head phones" is these two words, or one.
type reading struct {
	words []wordMatch
	found bitset // the slots that have all words
}

// rank returns how well a slot that is found has the words. 0 is best.
func (m textMatch) rank(slot uint32) uint8 {
	best := uint8(maxRank)
	for _, r := range m.readings {
		if !r.found.has(slot) {
			continue
		}
		rank := uint8(0)
		for i := range r.words {
			rank += r.words[i].matches.level(slot)
		}
		best = min(best, rank)
	}
	return best
}

// findText returns what is found of a text: everything of one without anything in
// it, nothing of one with signs alone. A typing mistake counts where nothing is
// found otherwise.
func (x *Index) findText(text string) textMatch {
	if strings.TrimSpace(text) == "" {
		return textMatch{found: x.all()}
	}
	words := newFolder().words(text)
	if len(words) == 0 {
		return textMatch{found: newBitset(len(x.ids))}
	}
	f := finder{x, map[wordKey]wordMatch{}}
	m := f.find(words)
	if !m.found.empty() {
		return m
	}
	if corrected := f.correct(words, mistakes); corrected != nil {
		if other := f.find(corrected); !other.found.empty() {
			other.corrected = strings.Join(corrected, " ")
			return other
		}
	}
	m.suggestions = f.suggest(words)
	return m
}

// finder finds words for one query. It looks each of them up once.
type finder struct {
	index *Index
	words map[wordKey]wordMatch
}

type wordKey struct {
	word   string
	isLast bool
}

// wordMatch is what is found of one word.
type wordMatch struct {
	matches matches
	found   bitset // the slots of all levels
	ok      bool   // whether the word is taken for one that products have
}

func (f finder) word(word string, isLast bool) wordMatch {
	key := wordKey{word, isLast}
	m, ok := f.words[key]
	if !ok {
		m.matches, m.ok = f.index.match(word, isLast)
		m.found = m.matches.any(f.index)
		f.words[key] = m
	}
	return m
}

// find returns what has all words, or all but for two neighbors that are written
// as one.
func (f finder) find(words []string) textMatch {
	first := f.read(words)
	m := textMatch{readings: []reading{first}, found: first.found}
	for i := range len(words) - 1 {
		joined := words[i] + words[i+1]
		lo, hi := f.index.withPrefix(joined)
		isBeginning := i+2 == len(words) && lo < hi
		if isBeginning || f.index.knows(joined) {
			r := f.read(slices.Concat(words[:i], []string{joined}, words[i+2:]))
			m.readings = append(m.readings, r)
			m.found = m.found.or(r.found)
		}
	}
	return m
}

func (f finder) read(words []string) reading {
	r := reading{words: make([]wordMatch, len(words))}
	for i, w := range words {
		r.words[i] = f.word(w, i+1 == len(words))
		if i == 0 {
			r.found = r.words[i].found
		} else {
			r.found = r.found.and(r.words[i].found)
		}
	}
	return r
}

// correct returns the words with those replaced that nobody has written, or nil if
// there is nothing to replace or a word has no correction.
func (f finder) correct(words []string, t tolerance) []string {
	var corrected []string
	for i, w := range words {
		if f.word(w, i+1 == len(words)).ok {
			continue
		}
		better := f.index.correct(w, t(utf8.RuneCountInString(w)))
		if better == "" {
			return nil
		}
		if corrected == nil {
			corrected = slices.Clone(words)
		}
		corrected[i] = better
	}
	return corrected
}
