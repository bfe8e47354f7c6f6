package search

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// level is how well a product has a word, best first. Each field has two: exact
// where it has the word in any form, and loose where it has what the word begins
// or is put together of.
type level int

const (
	exact level = iota
	loose
	perField

	levels = level(fields) * perField
)

// maxRank is the rank of a product that has all words of a query at the last
// level.
const maxRank = maxWords * int(levels-1)

// matches holds the slots that have a word, by level.
type matches [levels]bitset

// at returns a set, for adding to it.
func (m *matches) at(x *Index, f field, l level) bitset {
	set := &m[level(f)*perField+l]
	if *set == nil {
		*set = newBitset(len(x.ids))
	}
	return *set
}

// any returns the slots of all levels.
func (m *matches) any(x *Index) bitset {
	set := newBitset(len(x.ids))
	for _, slots := range m {
		set.addSet(slots)
	}
	return set
}

// level returns the best level of a slot that has the word.
func (m *matches) level(slot uint32) uint8 {
	for l, slots := range m {
		if slots.has(slot) {
			return uint8(l)
		}
	}
	return 0
}

// match returns the slots that have a word, and whether any have. A word that
// nobody has written is found where it begins a word, or where both parts are that
// it joins. A known one is so too, but in names alone, and as a beginning only if
// it is the last of its query: its typing may not be over.
func (x *Index) match(word string, isLast bool) (m matches, ok bool) {
	if !x.addExact(&m, word) {
		end := fields
		if utf8.RuneCountInString(word) == 1 {
			end = inText // every text has a word with that letter
		}
		ok = x.addPrefixed(&m, word, end) || x.addSplit(&m, word, fields)
		return m, ok
	}
	if isLast && len(word) > 1 && !hasDigit(word) {
		x.addPrefixed(&m, word, inName+1)
	}
	x.addSplit(&m, word, inName+1)
	return m, true
}

// withStem returns the range of stemWords whose words have a stem.
func (x *Index) withStem(s string) (lo, hi int) {
	lo = sort.SearchStrings(x.stems, s)
	for hi = lo; hi < len(x.stems) && x.stems[hi] == s; hi++ {
	}
	return lo, hi
}

// knows reports whether products have a word in any of its forms.
func (x *Index) knows(word string) bool {
	lo, hi := x.withStem(stem(word))
	return lo < hi
}

// withPrefix returns the range of words with a prefix.
func (x *Index) withPrefix(prefix string) (lo, hi int) {
	lo = sort.SearchStrings(x.words, prefix)
	n := sort.Search(len(x.words)-lo, func(i int) bool {
		return !strings.HasPrefix(x.words[lo+i], prefix)
	})
	return lo, lo + n
}

// addExact adds where a word is in any of its forms, and reports whether it is
// anywhere.
func (x *Index) addExact(m *matches, word string) bool {
	lo, hi := x.withStem(stem(word))
	for _, w := range x.stemWords[lo:hi] {
		for f := range fields {
			x.postings[f].addTo(m.at(x, f, exact), int(w), int(w)+1)
		}
	}
	return lo < hi
}

// addPrefixed adds where a word begins with a prefix, in the fields before end,
// and reports whether one does.
func (x *Index) addPrefixed(m *matches, prefix string, end field) bool {
	lo, hi := x.withPrefix(prefix)
	for f := range end {
		x.postings[f].addTo(m.at(x, f, loose), lo, hi)
	}
	return lo < hi
}

// shortestPart is the length of the parts that a joined word is split into.
const shortestPart = 3

// addSplit adds where both parts of a joined word are, in the fields before end,
// and reports whether they are.
func (x *Index) addSplit(m *matches, word string, end field) bool {
	if hasDigit(word) || !isASCII(word) {
		return false
	}
	ok := false
	for i := shortestPart; i <= len(word)-shortestPart; i++ {
		var first, second matches
		if !x.knows(word[:i]) || !x.addExact(&second, word[i:]) {
			continue
		}
		x.addExact(&first, word[:i])
		add := func(f field, slots bitset) {
			if !slots.empty() {
				m.at(x, f, loose).addSet(slots)
				ok = true
			}
		}
		add(inName, first[exact].and(second[exact]))
		if end == fields {
			add(inText, first.any(x).and(second.any(x)))
		}
	}
	return ok
}

// sortStems makes stems and stemWords.
func (x *Index) sortStems() {
	all := make([]string, len(x.words))
	x.stemWords = make([]uint32, len(x.words))
	for i, w := range x.words {
		all[i], x.stemWords[i] = stem(w), uint32(i)
	}
	slices.SortFunc(x.stemWords, func(i, j uint32) int { return strings.Compare(all[i], all[j]) })
	for _, w := range x.stemWords {
		x.stems = append(x.stems, all[w])
	}
}
