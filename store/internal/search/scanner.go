package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner finds the longest runs of letters, digits and marks in a text. An
// apostrophe between letters, and a point or comma between digits, belongs to
// its run.
type scanner struct {
	text string
	at   int
	raw  string // the run that next has found
	gap  string // what stands before it
}

func (s *scanner) next() bool {
	start := s.at
	for start < len(s.text) {
		size, ok := s.wordRune(start)
		if ok {
			break
		}
		start += size
	}
	end := start
	for end < len(s.text) {
		size, ok := s.wordRune(end)
		if !ok && !s.joins(start, end, size) {
			break
		}
		end += size
	}
	s.gap, s.raw, s.at = s.text[s.at:start], s.text[start:end], end
	return end > start
}

// wordRune returns how long the rune at i is, and whether words are made of
// such.
func (s *scanner) wordRune(i int) (size int, ok bool) {
	if b := s.text[i]; b < utf8.RuneSelf {
		return 1, isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'z'
	}
	r, size := utf8.DecodeRuneInString(s.text[i:])
	return size, unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// joins reports whether the sign at i belongs to the run that began at start.
func (s *scanner) joins(start, i, size int) bool {
	after := i + size
	if i == start || after >= len(s.text) {
		return false
	}
	digits := isDigit(s.text[i-1]) && isDigit(s.text[after])
	switch s.text[i:after] {
	case ".", ",":
		return digits
	case "'", "’":
		_, ok := s.wordRune(after)
		return ok && !digits
	}
	return false
}

// splitNumber returns the digits that a run begins with, with the points and
// commas between them, and the rest.
func splitNumber(raw string) (number, rest string) {
	i := 0
	for i < len(raw) && (isDigit(raw[i]) || i > 0 && (raw[i] == '.' || raw[i] == ',')) {
		i++
	}
	return raw[:i], raw[i:]
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func hasDigit(word string) bool { return strings.ContainsAny(word, "0123456789") }
