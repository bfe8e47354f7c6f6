package search

import (
	"slices"
	"strings"
)

// token is a word as it is written.
type token struct {
	raw  string
	unit string // of the measure that a number stands for, such as "cm"; else empty
}

// appendTokens appends the runs of a text. A unit belongs to the number before
// it: "20 cm" is one token, and both numbers of "20 × 30 cm" have the unit.
func appendTokens(tokens []token, text string) []token {
	s := scanner{text: text}
	first := len(tokens) // of the numbers that have one unit
	isNumber := false    // whether the last token is one, without a unit so far
	for s.next() {
		number, rest := splitNumber(s.raw)
		if !isNumber || !isRange(s.gap) {
			if number == "" && isNumber && strings.Trim(s.gap, " \u00a0°") == "" && setUnit(tokens[first:], rest) {
				isNumber = false
				continue
			}
			first = len(tokens)
		}
		switch {
		case number != "" && rest == "":
			tokens = append(tokens, token{raw: number})
			isNumber = true
			continue
		case number != "" && units[strings.ToLower(rest)] != "":
			tokens = append(tokens, token{raw: number})
			setUnit(tokens[first:], rest)
		default:
			tokens = append(tokens, token{raw: s.raw})
		}
		isNumber = false
	}
	return tokens
}

// setUnit gives numbers their unit, and reports whether the word is one.
func setUnit(numbers []token, word string) bool {
	unit := units[strings.ToLower(word)]
	if unit != "" {
		for i := range numbers {
			numbers[i].unit = unit
		}
	}
	return unit != ""
}

// isRange reports whether what stands between two numbers makes them one
// measure.
func isRange(gap string) bool {
	gap = strings.TrimSpace(gap)
	return gap == "×" || gap == "–"
}

// units are what measures are written in, and the names that they have here.
var units = map[string]string{
	"mm": "mm", "millimeter": "mm", "millimeters": "mm", "millimetre": "mm", "millimetres": "mm",
	"cm": "cm", "centimeter": "cm", "centimeters": "cm", "centimetre": "cm", "centimetres": "cm",
	"m": "m", "meter": "m", "meters": "m", "metre": "m", "metres": "m",
	"inch": "inch", "inches": "inch",
	"ml": "ml", "milliliter": "ml", "milliliters": "ml", "millilitre": "ml", "millilitres": "ml",
	"l": "l", "liter": "l", "liters": "l", "litre": "l", "litres": "l",
	"g": "g", "gram": "g", "grams": "g",
	"kg": "kg", "kilo": "kg", "kilos": "kg", "kilogram": "kg", "kilograms": "kg",
	"w": "w", "watt": "w", "watts": "w",
	"v": "v", "volt": "v", "volts": "v",
	"hz": "hz", "khz": "khz",
	"c": "c", "hour": "hour", "hours": "hour",
}

// stopWords are in so many texts that they say nothing of a product.
var stopWords = map[string]bool{
	"a": true, "an": true, "and": true, "at": true, "by": true, "for": true, "from": true, "in": true, "is": true,
	"it": true, "its": true, "of": true, "on": true, "or": true, "that": true, "the": true, "to": true, "with": true,
}

// maxWords is how many words of a query count. It bounds the time of a query,
// and nobody types so many.
const maxWords = 12

// words returns the words of a query, in their order and each once. Words that
// stand in every text count where there are no others.
func (f *folder) words(text string) []string {
	var all, kept []string
	for _, t := range appendTokens(nil, text) {
		w := f.word(t.raw) + t.unit
		if w == "" || slices.Contains(all, w) {
			continue
		}
		if all = append(all, w); !stopWords[w] {
			kept = append(kept, w)
		}
		if len(kept) == maxWords {
			break
		}
	}
	if len(kept) == 0 {
		return all[:min(len(all), maxWords)]
	}
	return kept
}
